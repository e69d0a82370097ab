from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reenactor.errors import OutputError
from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.mark import SYNTHETIC
from reenactor.media.sequence import restore

Film = Callable[..., Path]
Segments = Callable[..., list[Path]]
Picture = Callable[..., np.ndarray]
Packets = Callable[..., list[Any]]
Seconds = Callable[..., list[Fraction]]
UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)
VIDEOS = [Format.MP4, Format.WEBM, Format.MOV]


def even(count: int, first: int = 0) -> list[int]:
    return [first + 1001 * index for index in range(count)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_frames_become_a_folder(
    tmp_path: Path, notes: list[str], film: Film, segments: Segments, picture: Picture
) -> None:
    parts = segments("p", Format.FRAMES, even(7), [3, 4], alpha=True)
    output = tmp_path / "new" / "out"
    options: dict[str, Any] = {"time_base": UNIT, "fps": FPS, "note": notes.append}
    join(parts, output, Format.FRAMES, audio_from=film("d.mp4", 2, sound=0.1), **options)
    assert notes == ["frames have no sound: the driver's is left out"]
    assert names(output) == [f"{index:06d}.png" for index in range(7)]
    assert names(output.parent) == ["out"]
    for index in range(7):
        with Image.open(output / f"{index:06d}.png") as file:
            file.load()
            assert np.array_equal(np.asarray(file), picture(index, True))
            assert file.info["digital_source_type"] == SYNTHETIC
    join(parts[:1], output, Format.FRAMES, **options)  # an earlier result is replaced
    assert len(names(output)) == 3
    (output / "mine.txt").touch()
    with pytest.raises(OutputError, match="contains other files"):
        join(parts, output, Format.FRAMES, **options)
    assert len(names(output)) == 4


def test_a_folder_of_other_pictures_is_not_replaced(tmp_path: Path, segments: Segments) -> None:
    parts = segments("p", Format.FRAMES, even(2), [2])
    output = tmp_path / "out"
    output.mkdir()
    Image.new("RGB", (3, 3)).save(output / "000000.png")
    with pytest.raises(OutputError, match="contains other files"):
        join(parts, output, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(output) == ["000000.png"]


def test_frames_become_files_by_a_pattern(tmp_path: Path, segments: Segments) -> None:
    parts = segments("p", Format.FRAMES, even(5), [5])
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").touch()
    pattern = folder / "dance_%04d.png"
    join(parts, pattern, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(folder) == [*(f"dance_{index:04d}.png" for index in range(5)), "mine.txt"]
    shorter = segments("q", Format.FRAMES, even(2), [2])
    join(shorter, pattern, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(folder) == ["dance_0000.png", "dance_0001.png", "mine.txt"]


@pytest.mark.parametrize("renames", [1, 2])
def test_a_kill_while_a_folder_is_replaced_loses_nothing(
    tmp_path: Path, segments: Segments, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """Killed behind the first renaming and behind the second; the next run finds a result."""
    old, new = (
        segments("p", Format.FRAMES, even(2), [2]),
        segments("q", Format.FRAMES, even(3), [3]),
    )
    output = tmp_path / "deep" / "out"
    join(old, output, Format.FRAMES, time_base=UNIT, fps=FPS)
    left = renames
    rename = Path.rename

    def killed(path: Path, target: Path) -> Path:
        nonlocal left
        moved = rename(path, target)
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        join(new, output, Format.FRAMES, time_base=UNIT, fps=FPS)
    monkeypatch.undo()
    restore(output)
    assert names(output.parent) == ["out"]
    assert len(names(output)) == (2 if renames == 1 else 3)
    join(new, output, Format.FRAMES, time_base=UNIT, fps=FPS)
    assert len(names(output)) == 3
    assert names(output.parent) == ["out"]


def test_what_a_killed_writer_left_goes_with_the_next(tmp_path: Path, segments: Segments) -> None:
    half = tmp_path / "deep" / ".out.reenactor-new"
    half.mkdir(parents=True)
    (half / "000000.png").write_bytes(b"half")
    parts = segments("p", Format.FRAMES, even(2), [2])
    join(parts, tmp_path / "deep" / "out", Format.FRAMES, time_base=UNIT, fps=FPS)
    assert names(tmp_path / "deep") == ["out"]
