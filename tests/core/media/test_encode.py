from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from reenactor.media.encode import FIRST_TIME, FileEncoder, FolderEncoder, in_units
from reenactor.media.formats import Format


def test_times_are_rounded_to_whole_units_halves_up() -> None:
    unit = Fraction(1, 1000)
    seconds = [Fraction(n, 10000) for n in (0, 4, 5, 14, 15, -5, -6)]
    assert [in_units(time, unit) for time in seconds] == [0, 0, 1, 1, 2, 0, -1]


@pytest.mark.parametrize(
    ("kind", "first", "later"), [(Format.MP4, "-6", 1001), (Format.WEBM, "0", 33)]
)
def test_times_in_a_file_begin_at_zero_and_the_first_is_noted(
    tmp_path: Path, kind: Format, first: str, later: int
) -> None:
    path = tmp_path / "a"
    encoder = FileEncoder(path, kind, (32, 32), Fraction(1, 30000), Fraction(30), False)
    for time in (-6, 995):
        encoder.add(np.zeros((32, 32, 3), np.uint8), time)
    encoder.finish()
    with av.open(str(path), "r") as file:
        texts = {key.lower(): value for key, value in file.metadata.items()}
        times = [packet.pts for packet in file.demux(video=0) if packet.size]
    assert texts[FIRST_TIME] == first
    assert times == [0, later]


def test_a_folder_counts_its_frames(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    encoder = FolderEncoder(folder)
    for time in (5, 900):
        encoder.add(np.zeros((4, 4, 4), np.uint8), time)
    encoder.finish()
    assert sorted(path.name for path in folder.iterdir()) == ["000000.png", "000001.png"]
