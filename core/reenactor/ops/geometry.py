"""Maps between source pictures and the canvas: crops windows, and pastes layers back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.values import Extent, Frames, Layer, Window

Picture = npt.NDArray[np.uint8]


def crop(frames: Frames, window: Window) -> Float[Tensor, "T 3 h w"]:
    """Crop the windows of T frames to canvas size, float32 in [0, 1]; see `crop_frames`."""
    return crop_frames(frames, window).images


def crop_frames(frames: Frames, window: Window) -> Frames:
    """Crop the windows of T frames to canvas size; borders are repeated.

    When downsampling, pixels are averaged, not skipped.
    """
    pictures = list(frames.pixels.numpy())
    return crop_each(pictures, window, frames.index, frames.name, frames.extent)


def crop_each(
    pictures: Sequence[Picture | None],
    window: Window,
    index: tuple[int, ...],
    name: str,
    extent: Extent | None = None,
) -> Frames:
    """Like `crop_frames`, for T separate pictures; for None the canvas is black."""
    black = np.zeros((*window.canvas, 3), np.uint8)
    crops = [
        black if picture is None else _crop_one(picture, window[t : t + 1], cv2.BORDER_REPLICATE)
        for t, picture in enumerate(pictures)
    ]
    return Frames(torch.from_numpy(np.stack(crops)), index, name, window, extent)


def _crop_one(picture: Picture, window: Window, border: int) -> Picture:
    matrix = window.to_canvas[0].double().numpy()
    shrink = int(1 / max(matrix[0, 0], 1e-6) + 1e-4)  # robust to float32 rounding, as for a third
    shrink = min(shrink, *picture.shape[:2])
    if shrink >= 2:
        height, width = picture.shape[0] // shrink, picture.shape[1] // shrink
        kept = picture[: height * shrink, : width * shrink]
        picture = cv2.resize(kept, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]  # OpenCV's stubs lose the dtype
        # Each pixel of the small picture is the mean of shrink x shrink pixels around its centre.
        matrix[:, 2] += matrix[:, :2] @ np.full(2, (shrink - 1) / 2)
        matrix[:, :2] *= shrink
    height, width = window.canvas
    return cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
    )  # type: ignore[return-value]  # OpenCV's stubs lose the dtype


def crop_labels(labels: UInt8[Tensor, "T H W"], window: Window) -> UInt8[Tensor, "T h w"]:
    """Crop windows of label maps to canvas size, nearest neighbour; 0 outside the picture."""
    height, width = window.canvas
    matrices = window.to_canvas.double().numpy()
    out = [
        cv2.warpAffine(
            labels[t].numpy(), matrices[t], (width, height), flags=cv2.INTER_NEAREST, borderValue=0
        )
        for t in range(len(labels))
    ]
    return torch.from_numpy(np.stack(out))


@dataclass(frozen=True)
class Pasted:
    """A person in source pixels: premultiplied RGBA in 0..255 for some rows and columns."""

    rows: slice
    columns: slice
    rgba: Picture


def uncrop(layer: Layer, window: Window, size: tuple[int, int]) -> Pasted | None:
    """Map the person of a layer (T = 1) back to a source of that size.

    Only the person's bounding box is computed, in 8 bits. None if the person is outside the frame.
    """
    seen = layer.mask[0, 0].numpy() > 0
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if len(rows) == 0:
        return None
    top, left = max(rows[0] - 1, 0), max(columns[0] - 1, 0)
    part = (..., slice(top, rows[-1] + 2), slice(left, columns[-1] + 2))
    # numpy, not torch: this runs in parallel with the networks and must not use their threads.
    mask, image = layer.mask[part][0].numpy(), layer.image[part][0].numpy()
    premultiplied = np.concatenate([image * mask, mask]) * 255 + 0.5
    canvas = np.ascontiguousarray(premultiplied.astype(np.uint8).transpose(1, 2, 0))
    matrix = window.to_source[0].double().numpy()
    matrix[:, 2] += matrix[:, :2] @ (left, top)
    first = matrix[:, :2] @ (-1, -1) + matrix[:, 2]
    last = matrix[:, :2] @ (canvas.shape[1], canvas.shape[0]) + matrix[:, 2]
    x0, y0 = (max(math.floor(value), 0) for value in first)
    x1 = min(math.ceil(last[0]) + 1, size[1])
    y1 = min(math.ceil(last[1]) + 1, size[0])
    if x1 <= x0 or y1 <= y0:
        return None
    matrix[:, 2] -= (x0, y0)
    rgba = cv2.warpAffine(
        canvas, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0)
    )
    return Pasted(slice(y0, y1), slice(x0, x1), rgba.astype(np.uint8, copy=False))


def paste(layer: Layer, window: Window, background: Picture) -> Picture:
    """Eq. 7 at full size: the layer (T = 1) over a background of the source's size.

    The background is not resampled, so it stays sharp.
    """
    out = background.copy()
    person = uncrop(layer, window, (out.shape[0], out.shape[1]))
    if person is not None:
        through = cv2.cvtColor(255 - person.rgba[..., 3], cv2.COLOR_GRAY2RGB)
        part = out[person.rows, person.columns]
        under = cv2.multiply(part, through, scale=1 / 255)
        part[:] = cv2.add(under, np.ascontiguousarray(person.rgba[..., :3]))
    return out


def paste_transparent(layer: Layer, window: Window, size: tuple[int, int]) -> Picture:
    """The layer (T = 1) alone as RGBA at the source's size, not premultiplied."""
    out = np.zeros((*size, 4), np.uint8)
    person = uncrop(layer, window, size)
    if person is not None:
        alpha = person.rgba[..., 3:].astype(np.float32)
        colour = person.rgba[..., :3] * (255 / np.maximum(alpha, 1))
        whole = np.concatenate([colour, alpha], -1)
        out[person.rows, person.columns] = np.clip(whole + 0.5, 0, 255)
    return out
