"""Between source pictures and the canvas: cropping windows out, pasting layers back in."""

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


def reach(window: Window, size: tuple[int, int]) -> tuple[slice, slice]:
    """The rows and columns of a source of that size which a window of T = 1 covers."""
    x0, y0, x1, y1 = window.box[0].tolist()
    height, width = size
    rows = slice(min(max(int(np.floor(y0)), 0), height), max(min(int(np.ceil(y1)) + 1, height), 0))
    columns = slice(min(max(int(np.floor(x0)), 0), width), max(min(int(np.ceil(x1)) + 1, width), 0))
    return rows, columns


def uncrop(layer: Layer, window: Window, size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A layer of T = 1 at its place in the source, premultiplied RGBA, only where it reaches.

    Returns:
        `(h, w, 4)` for the rows and columns of `reach`; colours in [0, 1] times alpha, alpha.
    """
    rows, columns = reach(window, size)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if height <= 0 or width <= 0:
        return np.zeros((0, 0, 4), np.float32)
    premultiplied = torch.cat([layer.image * layer.mask, layer.mask], 1)[0]
    matrix = window.to_source[0].double().numpy()
    matrix[:, 2] -= (columns.start, rows.start)
    return cv2.warpAffine(  # type: ignore[return-value]
        np.ascontiguousarray(premultiplied.permute(1, 2, 0).numpy()),
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    )


def paste(layer: Layer, window: Window, background: Picture) -> Picture:
    """Eq. 7 at full size: the layer (T = 1) over a background of the source's size.

    The background is not resampled, so that it stays as sharp as it was.
    """
    size = background.shape[:2]
    rows, columns = reach(window, (size[0], size[1]))
    person = uncrop(layer, window, (size[0], size[1]))
    out = background.copy()
    if person.size == 0:
        return out
    under = out[rows, columns].astype(np.float32)
    under *= 1 - person[..., 3:]
    under += person[..., :3] * 255
    out[rows, columns] = np.clip(under + 0.5, 0, 255).astype(np.uint8)
    return out


def paste_transparent(layer: Layer, window: Window, size: tuple[int, int]) -> Picture:
    """The layer (T = 1) alone: RGBA of the source's size, colours not premultiplied."""
    rows, columns = reach(window, size)
    person = uncrop(layer, window, size)
    out = np.zeros((*size, 4), np.uint8)
    if person.size == 0:
        return out
    alpha = person[..., 3:]
    colour = person[..., :3] / np.maximum(alpha, 1e-4)
    out[rows, columns] = np.clip(np.concatenate([colour, alpha], -1) * 255 + 0.5, 0, 255)
    return out
