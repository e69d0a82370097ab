"""Crop windows that follow the dancer smoothly."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from reenactor.joints import Joint
from reenactor.ops.smoothing import gaussian, moving_maximum
from reenactor.values import Skeleton, Window

MARGIN = 0.06
"""The margin on each side, in body heights."""
SEEN = 0.05
"""The minimum confidence of key points."""

Array = npt.NDArray[np.float64]


def extents(skeleton: Skeleton) -> Float[Tensor, "T 4"]:
    """x0, y0, x1, y1 around all visible key points, with a margin for head and feet.

    Key points do not include the top of the head, which is placed half a head above the ears. NaN
    for frames without key points.
    """
    points = torch.cat([skeleton.body, skeleton.hands.flatten(1, 2), skeleton.face], 1)
    seen = points[..., 2:] > SEEN
    nothing = torch.full_like(points[..., :2], torch.nan)
    xy = torch.where(seen, points[..., :2], nothing)
    low = torch.where(seen, points[..., :2], torch.inf).amin(1)
    high = torch.where(seen, points[..., :2], -torch.inf).amax(1)
    neck, head = xy[:, Joint.NECK], xy[:, Joint.NOSE]
    crown = head + 1.1 * (head - neck)
    has_crown = torch.isfinite(crown).all(-1, keepdim=True)
    low = torch.where(has_crown, torch.minimum(low, crown), low)
    high = torch.where(has_crown, torch.maximum(high, crown), high)
    box = torch.cat([low, high], 1)
    return torch.where(torch.isfinite(box), box, torch.nan)


def following(
    box: Float[Tensor, "T 4"], canvas: tuple[int, int], fps: float, cuts: Sequence[int] = ()
) -> Window:
    """Windows with the canvas's aspect ratio that contain the boxes and move smoothly.

    Args:
        box: the boxes to contain, in source pixels; NaN for frames without a person.
        canvas: height and width.
        fps: frames per second, for the smoothing times.
        cuts: the first frames of new shots, where the window may jump.

    Returns:
        One window per frame. Frames without a person get their neighbours' window; shots without a
        person get a window of the canvas's size.
    """
    if cuts:
        shots = torch.tensor_split(box, list(cuts))
        return Window(torch.cat([following(shot, canvas, fps).box for shot in shots]), canvas)
    boxes = box.double().numpy()
    known = np.isfinite(boxes).all(1)
    if not known.any():
        flat = torch.tensor([-0.5, -0.5, canvas[1] - 0.5, canvas[0] - 0.5])
        return Window(flat.repeat(len(box), 1), canvas)
    boxes = _held(boxes, known)
    aspect = canvas[1] / canvas[0]
    margin = MARGIN * float(np.median(boxes[:, 3] - boxes[:, 1]))
    low, high = boxes[:, :2] - margin, boxes[:, 2:] + margin
    # Contain everything within half a second before and after, so that the window changes size
    # slowly instead of with each step.
    radius = max(1, round(fps / 2))
    high = moving_maximum(high, radius)
    low = -moving_maximum(-low, radius)
    low, high = gaussian(low, fps / 4), gaussian(high, fps / 4)
    centre = (low + high) / 2
    height = np.maximum((high - low)[:, 1], (high - low)[:, 0] / aspect)
    height = gaussian(moving_maximum(height[:, None], radius), fps / 3)[:, 0]
    half = np.stack([height * aspect, height], 1) / 2
    return Window(
        torch.from_numpy(np.concatenate([centre - half, centre + half], 1)).float(), canvas
    )


def useful_height(
    window: Window, present: Bool[Tensor, " T"], photo: Window
) -> float:
    """The height of the canvas, in pixels, that shows a dancer as finely as the output does.

    A higher one would be finer than the output in nine of ten frames, or than the photo.

    Args:
        window: in each of T frames of the output.
        present: whether the dancer is there.
        photo: the target's window in the photo, T = 1.
    """
    heights = (window.box[:, 3] - window.box[:, 1])[present]
    wanted = float(heights.quantile(0.9)) if len(heights) else 0.0
    return min(wanted, float(photo.box[0, 3] - photo.box[0, 1]))


def around(box: Float[Tensor, "1 4"], canvas: tuple[int, int]) -> Window:
    """The window of a single picture: the box with a margin, at the canvas's aspect ratio."""
    x0, y0, x1, y1 = box[0].tolist()
    margin = MARGIN * (y1 - y0)
    height = max(y1 - y0 + 2 * margin, (x1 - x0 + 2 * margin) * canvas[0] / canvas[1], 1.0)
    width = height * canvas[1] / canvas[0]
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    edges = [[cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2]]
    return Window(torch.tensor(edges), canvas)


def _held(values: Array, known: npt.NDArray[np.bool_]) -> Array:
    """Interpolate unknown rows from known ones, repeating the ends."""
    where = np.flatnonzero(known)
    index = np.arange(len(values))
    return np.stack([np.interp(index, where, column[where]) for column in values.T], axis=1)
