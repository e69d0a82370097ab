"""Videos side by side, by their times."""

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from reenactor.errors import InputError, UsageError
from reenactor.evaluation.side_by_side import STRIP, NamedVideo, compare
from reenactor.media.video import probe, read_video


def film(path: Path, fps: int, greys: list[int], size: tuple[int, int] = (64, 48)) -> Path:
    with av.open(str(path), "w") as file:
        options = {"qp": "0", "preset": "ultrafast"}
        stream = file.add_stream("libx264rgb", rate=Fraction(fps), options=options)
        stream.height, stream.width = size
        stream.pix_fmt = "rgb24"
        for grey in greys:
            picture = np.full((*size, 3), grey, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())
    return path


def seen(path: Path, height: int) -> list[list[int]]:
    """The grey in the middle of each half of every frame."""
    out = []
    for frame in read_video(path):
        row = frame.pixels[STRIP + height // 2]
        out.append([int(row[len(row) // 4].mean()), int(row[3 * len(row) // 4].mean())])
    return out


def test_other_rates_are_shown_by_time(tmp_path: Path) -> None:
    slow = film(tmp_path / "slow.mp4", 5, [20, 60, 100, 140])
    fast = film(tmp_path / "fast.mp4", 10, list(range(10, 90, 10)))
    made = compare([NamedVideo("a", slow), NamedVideo("b", fast)], tmp_path / "both.mp4", height=64)
    info = probe(made)
    assert (info.frames, info.size) == (4, (64 + STRIP, 96))
    expected = [[20, 10], [60, 30], [100, 50], [140, 70]]
    assert np.abs(np.array(seen(made, 64)) - expected).max() <= 3


def test_a_shorter_one_stands_still(tmp_path: Path) -> None:
    long = film(tmp_path / "long.mp4", 5, [20, 60, 100, 140])
    short = film(tmp_path / "short.mp4", 5, [200, 220])
    made = compare(
        [NamedVideo("a", long), NamedVideo("b", short)], tmp_path / "both.mp4", height=64
    )
    assert [b for _, b in seen(made, 64)] == pytest.approx([200, 220, 220, 220], abs=3)


def test_frames_go_by_their_number(tmp_path: Path) -> None:
    clock = film(tmp_path / "clock.mp4", 5, [20, 60, 100])
    folder = tmp_path / "frames"
    folder.mkdir()
    for number, grey in ((0, 30), (2, 90)):
        Image.new("RGB", (24, 32), (grey,) * 3).save(folder / f"{number:06d}.png")
    made = compare(
        [NamedVideo("a", clock), NamedVideo("b", folder)], tmp_path / "both.mp4", height=64
    )
    assert [b for _, b in seen(made, 64)] == pytest.approx([30, 30, 90], abs=3)


def test_refusals(tmp_path: Path) -> None:
    video = film(tmp_path / "a.mp4", 5, [20, 60])
    with pytest.raises(UsageError, match="nothing to compare"):
        compare([NamedVideo("a", video)], tmp_path / "out.mp4")
    with pytest.raises(UsageError, match="one of the inputs"):
        compare([NamedVideo("a", video), NamedVideo("b", video)], video)
    with pytest.raises(InputError, match="the first must be a video"):
        compare([NamedVideo("a", tmp_path), NamedVideo("b", video)], tmp_path / "out.mp4")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no numbered PNG"):
        compare([NamedVideo("a", video), NamedVideo("b", tmp_path / "empty")], tmp_path / "out.mp4")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "empty"]


def test_a_name_may_hold_any_bytes(tmp_path: Path) -> None:
    """OpenCV ended the process where it should have written such a name."""
    name = os.fsdecode(b"caf\xe9")
    path = film(tmp_path / f"{name}.mp4", 25, [100])
    made = compare([NamedVideo(name, path), NamedVideo("b", path)], tmp_path / f"out-{name}.mp4")
    assert made.exists()
