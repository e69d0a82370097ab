import struct
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.values import Extent, Frames, Window
from reenactor_plugins.prepared_files.picture import cut_like, read_exact


def palette_png(indices: np.ndarray, palette: list[tuple[int, int, int]]) -> bytes:
    """A palette PNG, made by hand after the format's specification."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    height, width = indices.shape
    rows = b"".join(b"\0" + row.tobytes() for row in indices.astype(np.uint8))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + chunk(b"PLTE", bytes(value for colour in palette for value in colour))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def whole(height: int, width: int, window: Window | None = None) -> Frames:
    return Frames(torch.zeros(1, height, width, 3, dtype=torch.uint8), (0,), "it", window)


def test_a_palette_file_gives_its_indices(tmp_path: Path) -> None:
    indices = np.array([[0, 2, 1], [3, 3, 0]])
    path = tmp_path / "labels.png"
    path.write_bytes(palette_png(indices, [(0, 0, 0), (128, 0, 0), (254, 0, 0), (9, 9, 9)]))
    assert np.array_equal(read_exact(path)[:, :, 0], indices)


def test_a_grey_file_gives_its_values_and_a_colour_file_red_green_blue(tmp_path: Path) -> None:
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    cv2.imwrite(str(tmp_path / "grey.png"), grey)
    assert np.array_equal(read_exact(tmp_path / "grey.png")[:, :, 0], grey)
    colour = np.zeros((2, 2, 3), np.uint8)
    colour[:] = (10, 20, 30)  # blue, green, red
    cv2.imwrite(str(tmp_path / "colour.png"), colour)
    assert read_exact(tmp_path / "colour.png")[1, 1].tolist() == [30, 20, 10]


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_what_is_no_picture_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.png"):
        read_exact(path)


def test_sixteen_bits_are_an_error(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "deep.png"), np.zeros((2, 2), np.uint16))
    with pytest.raises(InputError, match="8 bits"):
        read_exact(tmp_path / "deep.png")


def test_a_picture_of_the_frames_size_stays_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (5, 7, 2), dtype=np.uint8)
    assert np.array_equal(cut_like(picture, whole(5, 7), 0), picture)


def test_a_picture_of_another_size_is_fitted_without_new_values() -> None:
    picture = np.array([[1, 9]], np.uint8)[:, :, None]
    assert cut_like(picture, whole(2, 4), 0)[:, :, 0].tolist() == [[1, 1, 9, 9]] * 2


def test_a_window_cuts_as_the_frames_were_cut() -> None:
    picture = np.arange(100, dtype=np.uint8).reshape(10, 10, 1)
    # Columns 2 and 3, rows 4 and 5, each pixel doubled.
    window = Window(torch.tensor([[1.5, 3.5, 3.5, 5.5]]), (4, 4))
    cut = cut_like(picture, whole(4, 4, window), 0)
    assert cut[:, :, 0].tolist() == [[42, 42, 43, 43]] * 2 + [[52, 52, 53, 53]] * 2


def test_beyond_the_picture_is_nothing() -> None:
    picture = np.full((2, 2, 1), 7, np.uint8)
    window = Window(torch.tensor([[-2.5, -0.5, 1.5, 3.5]]), (4, 4))
    assert cut_like(picture, whole(4, 4, window), 0)[:, :, 0].tolist() == [
        [0, 0, 7, 7],
        [0, 0, 7, 7],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]


def test_a_picture_of_half_the_size_is_cut_where_the_frames_were() -> None:
    picture = np.arange(25, dtype=np.uint8).reshape(5, 5, 1)
    # Of frames of 10 x 10, columns and rows 4 to 7: those of 2 and 3 in the picture.
    window = Window(torch.tensor([[3.5, 3.5, 7.5, 7.5]]), (4, 4))
    frames = replace(whole(4, 4, window), extent=Extent(1, (10, 10)))
    cut = cut_like(picture, frames, 0)
    assert cut[:, :, 0].tolist() == [[12, 12, 13, 13]] * 2 + [[17, 17, 18, 18]] * 2


def test_a_picture_in_another_proportion_is_refused() -> None:
    picture = np.zeros((15, 20, 1), np.uint8)
    extent = Extent(1, (20, 30))
    with pytest.raises(InputError, match="wrong aspect ratio") as caught:
        cut_like(picture, replace(whole(20, 30), extent=extent), 0)
    assert caught.value.given == "20x15 pixels"
    assert caught.value.expected.startswith("30x20 pixels")


def test_sides_that_were_rounded_are_in_proportion() -> None:
    picture = np.ones((405, 275, 1), np.uint8)  # half of 811 x 550
    frames = replace(whole(811, 550), extent=Extent(1, (811, 550)))
    assert cut_like(picture, frames, 0).shape == (811, 550, 1)


def test_a_trap_of_a_picture_is_refused_undecoded(tmp_path: Path) -> None:
    """A PNG of 60000 x 60000 pixels, all of which its few bytes would give."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0))
    path = tmp_path / "x.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    with pytest.raises(InputError, match=r"x\.png"):
        read_exact(path)
