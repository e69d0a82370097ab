"""A study made of methods' folders or of an evaluation."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import InputError, UsageError
from reenactor.media.mark import is_synthetic
from reenactor.media.photo import write_photo
from reenactor.media.video import probe
from reenactor.progress import Silent
from reenactor.study.make import StudyRequest, make_study

from .conftest import film


def frames(folder: Path, numbers: range | list[int], value: int = 90) -> None:
    for number in numbers:
        picture = np.full((48, 32, 3), value + number, np.uint8)
        write_photo(folder / f"{number:06d}.png", picture)


def test_videos_stay_where_they_are_and_frames_are_encoded(tmp_path: Path) -> None:
    film(tmp_path / "ours" / "waltz.mp4")
    frames(tmp_path / "warp" / "waltz", [0, 1, 2, 5])
    film(tmp_path / "old" / "waltz.avi", codec="mpeg4")
    methods = {name: tmp_path / name for name in ("ours", "warp", "old")}
    study = make_study(tmp_path / "study", StudyRequest(methods, reference="warp", fps=Fraction(5)))
    assert study.file.methods["ours"] == Path("../ours")
    made = study.methods["warp"]["waltz"]
    assert made == tmp_path / "study" / "videos" / "warp" / "waltz.mp4"
    info = probe(made)
    assert (info.frames, float(info.fps)) == (6, 5)  # numbers 3 and 4 show frame 2
    assert is_synthetic(made)
    assert probe(study.methods["old"]["waltz"]).frames == 20
    assert study.pairs == (("warp", "ours"), ("warp", "old"))


def test_frames_keep_their_drivers_times(tmp_path: Path) -> None:
    film(tmp_path / "drivers" / "waltz.mp4", frames=4)
    for name in ("a", "b"):
        frames(tmp_path / name / "waltz", range(4))
    methods = {name: tmp_path / name for name in ("a", "b")}
    study = make_study(tmp_path / "study", StudyRequest(methods, drivers=tmp_path / "drivers"))
    assert probe(study.methods["a"]["waltz"]).fps == 10
    assert study.drivers["waltz"] == study.folder / "../drivers/waltz.mp4"


def evaluation(folder: Path, name: str = "waltz") -> Path:
    """The files of an evaluation that a study takes."""
    video = name
    videos: dict[str, object] = {video: {}}
    report = {
        "protocol": {},
        "drivers": {video: video},
        "methods": {"ours": {"videos": videos}, "spt": {"videos": videos}},
    }
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(report), "utf-8")
    for name in ("ours", "spt"):
        frames(folder / "crops" / name / video, range(5))
        record = folder / "results" / name / f"{video}.json"
        record.parent.mkdir(parents=True)
        record.write_text(json.dumps({"inputs": {"target": ["sha", 3]}}), "utf-8")
    frames(folder / "truth" / video, range(5))
    frames(folder / "truth", [0])
    (folder / "truth" / "000000.png").rename(folder / "truth" / f"{video}.target.000003.png")
    return folder


def test_an_evaluations_methods_targets_and_drivers(tmp_path: Path) -> None:
    wanted = StudyRequest({}, evaluation(tmp_path / "evaluation"))
    study = make_study(tmp_path / "study", wanted)
    assert list(study.methods) == ["ours", "spt"]
    assert study.targets["waltz"].read_bytes()[:4] == b"\x89PNG"
    assert probe(study.drivers["waltz"]).frames == 5
    assert not is_synthetic(study.drivers["waltz"])  # the driver is real


def test_a_driver_may_have_a_plus_sign_in_its_name(tmp_path: Path) -> None:
    made = evaluation(tmp_path / "evaluation", "solo+waltz")
    frames(made / "truth" / "waltz", range(9))  # another's
    study = make_study(tmp_path / "study", StudyRequest({}, made))
    assert probe(study.drivers["solo+waltz"]).frames == 5


def test_targets_crossed_with_drivers_of_any_name(tmp_path: Path) -> None:
    made = evaluation(tmp_path / "evaluation", "a+b+solo+waltz")
    report = json.loads((made / "report.json").read_text("utf-8"))
    report["protocol"] = {"cross": True}
    report["drivers"] = {"a+b+solo+waltz": "solo+waltz"}
    (made / "report.json").write_text(json.dumps(report), "utf-8")
    (made / "truth" / "a+b+solo+waltz").rename(made / "truth" / "solo+waltz")
    frames(made / "truth" / "waltz", range(9))  # another's
    study = make_study(tmp_path / "study", StudyRequest({}, made))
    assert probe(study.drivers["a+b+solo+waltz"]).frames == 5


def test_another_method_beside_an_evaluations(tmp_path: Path) -> None:
    film(tmp_path / "mine" / "waltz.mp4")
    wanted = StudyRequest({"mine": tmp_path / "mine"}, evaluation(tmp_path / "evaluation"))
    assert list(make_study(tmp_path / "study", wanted).methods) == ["ours", "spt", "mine"]


def test_mistakes(tmp_path: Path) -> None:
    film(tmp_path / "a" / "waltz.mp4")
    film(tmp_path / "b" / "tango.mp4")
    a, b = tmp_path / "a", tmp_path / "b"
    for wanted, said in (
        (StudyRequest({"a": a}), "no methods to compare"),
        (StudyRequest({"a": a, "b": a}, reference="c"), "reference"),
        (StudyRequest({"a": a, "../b": a}), "invalid folder name"),
    ):
        with pytest.raises(UsageError, match=said):
            make_study(tmp_path / "study", wanted)
    for wanted, said in (
        (StudyRequest({"a": a, "b": tmp_path}), "has no videos"),
        (StudyRequest({"a": a, "b": b}), "a lacks tango, b lacks waltz"),
        (StudyRequest({"a": a, "b": a}, evaluation=tmp_path), "not the folder of an evaluation"),
    ):
        with pytest.raises(InputError, match=said):
            make_study(tmp_path / "study", wanted)
    assert not (tmp_path / "study").exists()
    make_study(tmp_path / "study", StudyRequest({"a": a, "b": a}))
    with pytest.raises(UsageError, match="the study exists"):
        make_study(tmp_path / "study", StudyRequest({"a": a, "b": a}))


def test_everything_is_looked_at_before_anything_is_encoded(tmp_path: Path) -> None:
    for name in ("a", "b"):
        frames(tmp_path / name / "waltz", range(3))
    (tmp_path / "photos").mkdir()
    film(tmp_path / "others" / "tango.mp4")
    (tmp_path / "b" / "polka").mkdir()
    (tmp_path / "b" / "polka.mp4").write_bytes(b"no video")
    frames(tmp_path / "a" / "polka", range(3))
    methods = {name: tmp_path / name for name in ("a", "b")}
    with pytest.raises(InputError, match=r"polka\.mp4"):
        make_study(tmp_path / "study", StudyRequest(methods))
    (tmp_path / "b" / "polka.mp4").unlink()
    frames(tmp_path / "b" / "polka", range(3))
    with pytest.raises(InputError, match="to show beside"):
        make_study(tmp_path / "study", StudyRequest(methods, targets=tmp_path / "photos"))
    with pytest.raises(InputError, match="its driver"):
        make_study(tmp_path / "study", StudyRequest(methods, drivers=tmp_path / "others"))
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.json", ""),
        ("report.json", "[" * 100_000),
        ("report.json", "[]"),
        ("report.json", '{"methods": []}'),
        ("report.json", '{"protocol": {}, "methods": {"ours": {"videos": ["waltz"]}}}'),
        (
            "report.json",
            '{"protocol": {}, "drivers": {"../waltz": ""},'
            ' "methods": {"ours": {"videos": {"../waltz": {}}}}}',
        ),
        ("results/ours/waltz.json", "{}"),
        ("results/ours/waltz.json", '{"inputs": {"target": "sha"}}'),
        ("results/ours/waltz.json", '{"inputs": {"target": ["sha", "three"]}}'),
    ],
)
def test_a_damaged_evaluation_is_told(tmp_path: Path, name: str, content: str) -> None:
    folder = evaluation(tmp_path / "evaluation")
    (folder / name).write_text(content)
    with pytest.raises(InputError, match=name.rpartition("/")[2].replace(".", r"\.")):
        make_study(tmp_path / "study", StudyRequest({}, folder))


def test_what_a_damaged_evaluation_lacks_is_named(tmp_path: Path) -> None:
    for place in ("results/spt/waltz.json", "truth/waltz.target.000003.png", "crops/ours/waltz"):
        folder = evaluation(tmp_path / place.replace("/", "-"))
        (folder / place).rename(folder / "gone")
        with pytest.raises(InputError, match=Path(place).name):
            make_study(tmp_path / "study" / place, StudyRequest({}, folder))


def test_nothing_in_the_folder_is_replaced(tmp_path: Path) -> None:
    for name in ("a", "b"):
        frames(tmp_path / name / "waltz", range(2))
    wanted = StudyRequest({name: tmp_path / name for name in ("a", "b")})
    mine = tmp_path / "study" / "videos" / "b" / "waltz.mp4"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(UsageError, match="already exists"):
        make_study(tmp_path / "study", wanted)
    assert mine.read_bytes() == b"mine"
    assert not (tmp_path / "study" / "videos" / "a").exists()


def test_targets_that_are_there_stay(tmp_path: Path) -> None:
    folder = evaluation(tmp_path / "evaluation")
    mine = tmp_path / "study" / "targets" / "waltz.png"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(UsageError, match="already exists"):
        make_study(tmp_path / "study", StudyRequest({}, evaluation=folder))
    assert mine.read_bytes() == b"mine"


def test_a_killed_one_goes_on_with_the_frames_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        frames(tmp_path / name / "waltz", range(2))
    wanted = StudyRequest({name: tmp_path / name for name in ("a", "b")})
    with monkeypatch.context() as patch:
        patch.setattr("reenactor.study.make._drivers", lambda *_: [])
        patch.setattr("reenactor.study.make.yaml.safe_dump", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_study(tmp_path / "study", wanted)
    frames(tmp_path / "a" / "waltz", range(5))
    study = make_study(tmp_path / "study", wanted)
    assert probe(study.methods["a"]["waltz"]).frames == 5
    assert not list((tmp_path / "study").rglob(".*"))


def test_a_method_s_video_that_is_cut_short_is_told(tmp_path: Path) -> None:
    told: list[str] = []

    class Listening(Silent):
        def note(self, text: str) -> None:
            told.append(text)

    for name in ("ours", "old"):
        film(tmp_path / name / "waltz.mkv")
    cut = tmp_path / "old" / "waltz.mkv"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 8 // 10])
    methods = {name: tmp_path / name for name in ("ours", "old")}
    make_study(tmp_path / "study", StudyRequest(methods), Listening())
    assert any("waltz.mkv is truncated" in text for text in told)
