"""Reads prepared pictures whose values are labels or coordinates, without interpolation."""

from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from reenactor.errors import InputError
from reenactor.media.photo import opened_picture
from reenactor.values import Frames

_PNG = b"\x89PNG\r\n\x1a\n"


def read_exact(path: Path) -> UInt8[np.ndarray, "H W C"]:
    """Read a file's pixel values: one channel for grey and palette files, else R, G, B.

    For palette files these are the indices, not the colours.

    Raises:
        InputError: the file is not a picture with 8 bits per channel.
    """
    data = path.read_bytes()
    picture = None
    # OpenCV would decode a picture of any size; Pillow refuses decompression bombs.
    with suppress(Exception):  # Pillow raises almost anything for damaged files
        opened_picture(data).close()
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.dtype != np.uint8:
        raise InputError(
            f"{path.name} is not a picture with 8 bits per channel",
            given=str(path),
            expected="an unmodified PNG file",
        )
    if picture.ndim == 2:
        return picture[:, :, None]
    colours: np.ndarray = picture[:, :, 2::-1]
    palette = _palette(data)
    return colours if palette is None else _indices(colours, palette)


def cut_like(
    picture: UInt8[np.ndarray, "h w C"], frames: Frames, t: int
) -> UInt8[np.ndarray, "H W C"]:
    """Crop a source's picture to the part that frame `t` shows, at that frame's size.

    Values are never interpolated; they are 0 outside the picture. A picture of another size is
    scaled to the source's frames, which needs `Frames.extent` for a part of a frame.

    Raises:
        InputError: the picture's aspect ratio differs from that of `Frames.extent`.
    """
    height, width = frames.size
    matrix = np.eye(2, 3)
    if frames.window is not None:
        matrix = frames.window[t : t + 1].to_source[0].double().numpy()
    source = frames.size if frames.window is None else picture.shape[:2]
    if frames.extent is not None:
        source = frames.extent.size
    sx, sy = picture.shape[1] / source[1], picture.shape[0] / source[0]
    stretched = abs(sx - sy) * min(source) > 1.5 * max(sx, sy, 1)  # sides are whole pixels
    if stretched and frames.extent is not None:
        raise InputError(
            f"a prepared picture of {frames.name!r} has the wrong aspect ratio",
            given=f"{picture.shape[1]}x{picture.shape[0]} pixels",
            expected=f"{source[1]}x{source[0]} pixels, or a multiple or fraction of it",
            advice="make the files from this picture or video, without cropping",
        )
    matrix[0] *= sx
    matrix[1] *= sy
    matrix[:, 2] += (sx / 2 - 0.5, sy / 2 - 0.5)
    x = np.floor(matrix[0, 0] * np.arange(width) + matrix[0, 2] + 0.5).astype(int)
    y = np.floor(matrix[1, 1] * np.arange(height) + matrix[1, 2] + 0.5).astype(int)
    inside = ((x >= 0) & (x < picture.shape[1])) & ((y >= 0) & (y < picture.shape[0]))[:, None]
    part = picture[np.clip(y, 0, picture.shape[0] - 1)][:, np.clip(x, 0, picture.shape[1] - 1)]
    cut: np.ndarray = part * inside[:, :, None].astype(np.uint8)
    return cut


def _palette(png: bytes) -> UInt8[np.ndarray, "N 3"] | None:
    """The colours of a palette PNG, in order; None for any other file (PNG, chapter 5 and 11)."""
    if not png.startswith(_PNG) or png[25] != 3:  # byte 25 is the header's colour type
        return None
    at = len(_PNG)
    while at + 8 <= len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"PLTE":
            return np.frombuffer(png[at + 8 : at + 8 + length], np.uint8).reshape(-1, 3)
        at += 12 + length
    return None


def _indices(
    colours: UInt8[np.ndarray, "H W 3"], palette: UInt8[np.ndarray, "N 3"]
) -> UInt8[np.ndarray, "H W 1"]:
    """The index of each pixel's colour in the palette, the first one for duplicates."""
    places = np.array([1 << 16, 1 << 8, 1])
    keys, first = np.unique(palette.astype(np.int64) @ places, return_index=True)
    wanted = colours.astype(np.int64) @ places
    index: np.ndarray = first[np.searchsorted(keys, wanted).clip(0, len(keys) - 1)]
    return index.astype(np.uint8)[:, :, None]
