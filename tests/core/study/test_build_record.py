"""`study new` after an interruption: it goes on, and mixes nothing old in."""

import shutil
from pathlib import Path

import pytest

from reenactor.errors import OutputError, UsageError
from reenactor.media.lock import locked
from reenactor.progress import Silent
from reenactor.study import make
from reenactor.study.encode import encoded
from reenactor.study.make import StudyRequest, make_study

from .test_make import evaluation, frames


@pytest.fixture
def wanted(tmp_path: Path) -> StudyRequest:
    """Two methods of frames, and an evaluation with photos and drivers."""
    frames(tmp_path / "mine" / "waltz", range(5), 30)
    return StudyRequest({"mine": tmp_path / "mine"}, evaluation(tmp_path / "evaluation"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def interrupted(
    folder: Path, wanted: StudyRequest, monkeypatch: pytest.MonkeyPatch, after: int = 2
) -> None:
    """A study that ended, as by a kill, when it had encoded so many videos."""
    left = [None] * after

    def until(*given: object) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        encoded(*given)  # type: ignore[arg-type]  # arguments of several types

    with monkeypatch.context() as patch:
        patch.setattr(make, "encoded", until)
        with pytest.raises(KeyboardInterrupt):
            make_study(folder, wanted)
    assert not (folder / "study.yaml").exists()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The videos that are encoded from now on."""
    names: list[str] = []

    def count(one: object, output: Path, *others: object) -> None:
        names.append(output.parent.name)
        encoded(one, output, *others)  # type: ignore[arg-type]  # arguments of several types

    monkeypatch.setattr(make, "encoded", count)
    return names


def test_an_interrupted_study_goes_on(
    tmp_path: Path, wanted: StudyRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_study(tmp_path / "whole", wanted)
    whole = contents(tmp_path / "whole")
    folder = tmp_path / "study"
    interrupted(folder, wanted, monkeypatch)
    (folder / "videos" / "ours" / ".gone.mp4.reenactor-work").mkdir()
    (folder / "videos" / "ours" / ".waltz.mp4.0123abcd.part").touch()
    names = counted(monkeypatch)
    make_study(folder, wanted)
    assert contents(folder) == whole
    assert not (folder / "videos" / "ours" / ".gone.mp4.reenactor-work").exists()
    assert names == ["mine", "drivers"]  # ours and spt were there


def test_what_was_damaged_or_made_of_something_else_is_made_again(
    tmp_path: Path, wanted: StudyRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    interrupted(folder, wanted, monkeypatch)
    video = folder / "videos" / "ours" / "waltz.mp4"
    video.write_bytes(video.read_bytes()[:-100])
    frames(tmp_path / "evaluation" / "crops" / "spt" / "waltz", range(5), 140)
    make_study(tmp_path / "whole", wanted)
    names = counted(monkeypatch)
    make_study(folder, wanted)
    assert contents(folder) == contents(tmp_path / "whole")
    assert names == ["ours", "spt", "mine", "drivers"]


def test_videos_that_are_no_longer_wanted_are_removed(
    tmp_path: Path, wanted: StudyRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames(tmp_path / "mine" / "tango", range(5))
    frames(tmp_path / "other" / "tango", range(5))
    frames(tmp_path / "other" / "waltz", range(5))
    both = StudyRequest({name: tmp_path / name for name in ("mine", "other")})
    folder = tmp_path / "study"
    interrupted(folder, both, monkeypatch, after=3)
    for name in ("mine", "other"):
        shutil.rmtree(tmp_path / name / "tango")
    assert make_study(folder, both).videos == ("waltz",)


def test_files_of_others_are_not_replaced(tmp_path: Path, wanted: StudyRequest) -> None:
    folder = tmp_path / "study"
    for name in ("videos/ours/waltz.mp4", "targets/waltz.png"):
        mine = folder / name
        mine.parent.mkdir(parents=True)
        mine.write_bytes(b"mine")
        with pytest.raises(UsageError, match="another folder"):
            make_study(folder, wanted)
        assert mine.read_bytes() == b"mine"
        shutil.rmtree(folder)


def test_a_list_that_cannot_be_read_removes_nothing(
    tmp_path: Path, wanted: StudyRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    interrupted(folder, wanted, monkeypatch)
    before = contents(folder / "videos")
    for damage in ("", "[" * 100_000, "[]", '{"videos/ours/waltz.mp4": 5}'):
        (folder / ".made.json").write_text(damage)
        with pytest.raises(UsageError, match="another folder"):
            make_study(folder, wanted)
        assert contents(folder / "videos") == before


def test_two_at_once(tmp_path: Path, wanted: StudyRequest) -> None:
    with locked(tmp_path / "study" / "study.yaml"), pytest.raises(OutputError, match="another run"):
        make_study(tmp_path / "study", wanted, Silent())
