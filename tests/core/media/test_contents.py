import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor.errors import InputError
from reenactor.media.contents import Inputs, digest_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    (folder / "below").mkdir(parents=True)
    (folder / "a.json").write_text("1")
    (folder / "below" / "b.json").write_text("2")
    return folder


def rewritten(path: Path) -> None:
    """Another content of the same size, with the same time."""
    before = path.stat()
    path.write_text("3")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: rewritten(folder / "a.json"),
        lambda folder: rewritten(folder / "below" / "b.json"),
        lambda folder: (folder / "c.json").write_text("3"),
        lambda folder: (folder / "a.json").rename(folder / "z.json"),
        lambda folder: (folder / "below" / "b.json").unlink(),
    ],
)
def test_a_folders_digest_is_of_its_names_and_contents(
    folder: Path, change: Callable[[Path], object]
) -> None:
    before = digest_of(folder)
    assert digest_of(folder) == before
    change(folder)
    assert digest_of(folder) != before


def test_what_is_hidden_or_left_out_does_not_count(folder: Path) -> None:
    before = digest_of(folder)
    (folder / ".out.mp4.reenactor").mkdir()
    (folder / ".out.mp4.reenactor" / "job.json").write_text("{}")
    (folder / "out.mp4").write_text("made")
    assert digest_of(folder, [(folder / "out.mp4").absolute()]) == before


def test_what_is_not_there_has_no_digest(tmp_path: Path) -> None:
    assert digest_of(tmp_path / "missing") is None


@pytest.mark.parametrize("name", ["a.json", "below/b.json"])
def test_a_file_that_is_replaced_while_it_is_read_is_noticed(folder: Path, name: str) -> None:
    inputs = Inputs.seen({"pose_estimator.folder": folder, "driver": folder / "a.json"})
    inputs.require_unchanged()
    other = folder.parent / "new"
    other.write_text("9")
    other.replace(folder / name)
    with pytest.raises(InputError, match="changed during the run"):
        inputs.require_unchanged()
