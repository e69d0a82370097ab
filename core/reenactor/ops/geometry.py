"""Between source pictures and the canvas: cropping windows out, pasting layers back in."""

import math

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.values import Frames, Layer, Window

Picture = npt.NDArray[np.uint8]


def crop(frames: Frames, window: Window) -> Float[Tensor, "T 3 h w"]:
    """The windows of T frames at canvas size, float32 in [0, 1]; beyond the frame edges repeat.

    Where the canvas is coarser than the source, pixels are averaged, not skipped.
    """
    pictures = [
        _crop_one(frames.pixels[t].numpy(), window[t : t + 1], cv2.BORDER_REPLICATE)
        for t in range(len(frames))
    ]
    stacked = torch.from_numpy(np.stack(pictures))
    return stacked.permute(0, 3, 1, 2).float().div_(255)


def _crop_one(picture: Picture, window: Window, border: int) -> Picture:
    matrix = window.to_canvas[0].double().numpy()
    shrink = int(1 / max(matrix[0, 0], 1e-6) + 1e-4)  # a third is three, whatever float32 says
    if shrink >= 2:
        height, width = picture.shape[0] // shrink, picture.shape[1] // shrink
        kept = picture[: height * shrink, : width * shrink]
        picture = cv2.resize(kept, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        # A pixel of the small picture is the mean of shrink x shrink pixels around its centre.
        matrix[:, 2] += matrix[:, :2] @ np.full(2, (shrink - 1) / 2)
        matrix[:, :2] *= shrink
    height, width = window.canvas
    return cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
    )  # type: ignore[return-value]


def crop_labels(labels: UInt8[Tensor, "T H W"], window: Window) -> UInt8[Tensor, "T h w"]:
    """Windows of label maps at canvas size, nearest pixel; beyond the edges is 0."""
    height, width = window.canvas
    matrices = window.to_canvas.double().numpy()
    out = [
        cv2.warpAffine(
            labels[t].numpy(), matrices[t], (width, height), flags=cv2.INTER_NEAREST, borderValue=0
        )
        for t in range(len(labels))
    ]
    return torch.from_numpy(np.stack(out))


def reach(layer: Layer, window: Window, size: tuple[int, int]) -> tuple[slice, slice]:
    """The rows and columns of a source of that size which the person of a layer (T = 1) covers."""
    seen = layer.mask[0, 0].numpy() > 0
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if len(rows) == 0:
        return slice(0, 0), slice(0, 0)
    matrix = window.to_source[0].double().numpy()
    first = matrix[:, :2] @ (columns[0] - 1, rows[0] - 1) + matrix[:, 2]
    last = matrix[:, :2] @ (columns[-1] + 1, rows[-1] + 1) + matrix[:, 2]
    x, y = (
        slice(max(math.floor(a), 0), max(min(math.ceil(b) + 1, limit), 0))
        for a, b, limit in zip(first, last, (size[1], size[0]), strict=True)
    )
    return y, x


def uncrop(layer: Layer, window: Window, rows: slice, columns: slice) -> npt.NDArray[np.uint8]:
    """A part of a source with the layer (T = 1) in it, as premultiplied RGBA in 0..255."""
    premultiplied = torch.cat([layer.image * layer.mask, layer.mask], 1)[0].permute(1, 2, 0)
    canvas = np.ascontiguousarray((premultiplied * 255).round().to(torch.uint8).numpy())
    matrix = window.to_source[0].double().numpy()
    matrix[:, 2] -= (columns.start, rows.start)
    return cv2.warpAffine(  # type: ignore[return-value]
        canvas,
        matrix,
        (columns.stop - columns.start, rows.stop - rows.start),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    )


def paste(layer: Layer, window: Window, background: Picture) -> Picture:
    """Eq. 7 at full size: the layer (T = 1) over a background of the source's size.

    Only the person's own rectangle is computed, in 8 bits; the background is not resampled, so
    that it stays as sharp as it was.
    """
    out = background.copy()
    rows, columns = reach(layer, window, (out.shape[0], out.shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return out
    person = uncrop(layer, window, rows, columns)
    through = cv2.cvtColor(255 - person[..., 3], cv2.COLOR_GRAY2RGB)
    under = cv2.multiply(out[rows, columns], through, scale=1 / 255)
    out[rows, columns] = cv2.add(under, np.ascontiguousarray(person[..., :3]))
    return out


def paste_transparent(layer: Layer, window: Window, size: tuple[int, int]) -> Picture:
    """The layer (T = 1) alone: RGBA of the source's size, colours not premultiplied."""
    out = np.zeros((*size, 4), np.uint8)
    rows, columns = reach(layer, window, size)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return out
    person = uncrop(layer, window, rows, columns).astype(np.float32)
    alpha = person[..., 3:]
    colour = person[..., :3] * (255 / np.maximum(alpha, 1))
    out[rows, columns] = np.clip(np.concatenate([colour, alpha], -1) + 0.5, 0, 255)
    return out
