"""What a part is cut into (a sheet of texture) and how it is put on the canvas (a stamp)."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor_plugins.puppet.photo import filled, nearest

SOLID = 127
"""The alpha above which a stamp hides what is below it."""


@dataclass(frozen=True)
class Sheet:
    """A part's texture in coordinates of its own: premultiplied RGBA, and classes."""

    colour: UInt8[np.ndarray, "h w 4"]
    labels: UInt8[np.ndarray, "h w"]


@dataclass(frozen=True)
class Stamp:
    """A sheet on the canvas: for each pixel of a rectangle, where on the sheet it looks.

    `x` and `y` are the rectangle's corner. `cover` multiplies the sheet's alpha. Where `back` is
    given, `turned` in [0, 1] says how much of it is seen in place of `sheet`.
    """

    x: int
    y: int
    map_x: Float32[np.ndarray, "h w"]
    map_y: Float32[np.ndarray, "h w"]
    sheet: Sheet
    cover: Float32[np.ndarray, "h w"] | None = None
    back: Sheet | None = None
    turned: Float32[np.ndarray, "h w"] | None = None


def sheet(colour: np.ndarray, known: np.ndarray, alpha: np.ndarray, labels: np.ndarray) -> Sheet:
    """Complete a part's texture where it was hidden, and cut it to its shape.

    Args:
        colour: float32 `(h, w, 3)` in 0..255.
        known: where colours and classes are the part's own, in [0, 1].
        alpha: the part's shape.
        labels: classes, `(h, w)`.
    """
    alpha = np.clip(alpha, 0, 1).astype(np.float32)
    full = filled(colour.astype(np.float32), known) if known.max(initial=0) > 0 else colour
    rgba = np.concatenate([full * alpha[..., None], 255 * alpha[..., None]], -1)
    classes = nearest(labels, (known > 0.5) & (labels > 0))
    return Sheet(np.clip(rgba + 0.5, 0, 255).astype(np.uint8), classes.astype(np.uint8))


def look(picture: np.ndarray, stamp: Stamp, nearest_pixel: bool = False) -> np.ndarray:
    """What a stamp shows of a sheet's picture."""
    mode = cv2.INTER_NEAREST if nearest_pixel else cv2.INTER_LINEAR
    border = cv2.BORDER_REPLICATE if nearest_pixel else cv2.BORDER_CONSTANT
    result: np.ndarray = cv2.remap(
        picture, stamp.map_x, stamp.map_y, mode, borderMode=border, borderValue=(0, 0, 0, 0)
    )
    return result


def seen(stamp: Stamp) -> Float32[np.ndarray, "h w 4"]:
    """A stamp's premultiplied RGBA, 0..255."""
    rgba = look(stamp.sheet.colour, stamp).astype(np.float32)
    if stamp.back is not None and stamp.turned is not None:
        share = stamp.turned[..., None]
        rgba += (look(stamp.back.colour, stamp).astype(np.float32) - rgba) * share
    if stamp.cover is not None:
        rgba *= stamp.cover[..., None]
    return rgba


def classes(stamp: Stamp) -> UInt8[np.ndarray, "h w"]:
    """A stamp's classes; where they count, its alpha says."""
    labels = look(stamp.sheet.labels, stamp, nearest_pixel=True)
    if stamp.back is not None and stamp.turned is not None:
        other = look(stamp.back.labels, stamp, nearest_pixel=True)
        labels = np.where(stamp.turned > 0.5, other, labels)
    return labels


def over(under: Float32[np.ndarray, "h w 4"], rgba: Float32[np.ndarray, "h w 4"]) -> None:
    """Lay premultiplied RGBA, 0..255, over what is there, in place."""
    under *= 1 - rgba[..., 3:] * np.float32(1 / 255)
    under += rgba


def paint(stamps: list[Stamp], size: tuple[int, int]) -> Float32[np.ndarray, "h w 4"]:
    """All stamps one over the other, the first at the bottom: premultiplied RGBA, 0..1."""
    out = np.zeros((*size, 4), np.float32)
    for stamp in stamps:
        rgba = seen(stamp)
        over(out[place(stamp)], rgba)
    out *= np.float32(1 / 255)
    return out


def paint_labels(stamps: list[Stamp], size: tuple[int, int]) -> UInt8[np.ndarray, "h w"]:
    """The same in classes."""
    out = np.zeros(size, np.uint8)
    for stamp in stamps:
        solid = seen(stamp)[..., 3] > SOLID
        out[place(stamp)][solid] = classes(stamp)[solid]
    return out


def place(stamp: Stamp) -> tuple[slice, slice]:
    """The stamp's rectangle on the canvas."""
    height, width = stamp.map_x.shape
    return slice(stamp.y, stamp.y + height), slice(stamp.x, stamp.x + width)


def rectangle(
    points: np.ndarray, reach: float, size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 of the canvas around points; None where they are off the canvas."""
    low = np.floor(points.min(0) - reach)
    high = np.ceil(points.max(0) + reach) + 1
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]), size[1]), min(int(high[1]), size[0])
    return (x0, y0, x1, y1) if x1 - x0 > 1 and y1 - y0 > 1 else None
