import os
from pathlib import Path

import pytest

from reenactor.media.cache import cached_crowds, clear, make_private, note_use, trim


def remembered(folder: Path, name: str, size: int, used: float) -> Path:
    path = folder / f"{name}.crowd"
    path.write_bytes(b"x" * size)
    os.utime(path, (used, used))
    return path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    make_private(tmp_path / "cache" / "watched")
    assert (tmp_path / "cache" / "watched").stat().st_mode & 0o777 == 0o700
    (tmp_path / "old").mkdir(mode=0o755)  # of an earlier version
    make_private(tmp_path / "old")
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o700


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    for place, name in enumerate("abcd"):
        remembered(tmp_path, name, 100, 1000 + place)
    note_use(tmp_path / "a.crowd")
    trim(tmp_path, 250)
    assert [one.path.stem for one in cached_crowds(tmp_path)] == ["d", "a"]
    trim(tmp_path, 10)
    assert [one.path.stem for one in cached_crowds(tmp_path)] == ["a"]


def test_only_our_files_are_counted_and_cleared(tmp_path: Path) -> None:
    remembered(tmp_path, "a", 7, 1000)
    (tmp_path / "mine.txt").touch()
    half = tmp_path / ".a.crowd.0123abcd.part"
    half.touch()
    os.utime(half, (1000, 1000))
    assert [(one.path.stem, one.size, one.used) for one in clear(tmp_path)] == [("a", 7, 1000)]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert clear(tmp_path / "missing") == []
