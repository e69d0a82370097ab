"""Foot sliding: how far ankles travel while the driver's foot stands.

The measure is our own. Key points found in a picture tremble, so speeds are taken over a fifth of a
second. The driver's own speed is subtracted, so that a camera that moves a little counts for
nothing; where it moves fast, no foot seems to stand, and nothing is measured.
"""

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from reenactor.joints import Joint
from reenactor.metrics.body_shape import standing_height

SPAN = 0.2
"""Over so many seconds a foot must stand, and its speed is measured."""
STILL = 0.02
"""A standing foot's ankle stays within this distance, in body heights."""
LOW = 0.06
"""It is at most that much higher in the picture than the other, in body heights."""
SEEN = 0.3
"""The minimum confidence of ankles."""
_ANKLES = [Joint.L_ANKLE, Joint.R_ANKLE]


def foot_sliding(
    generated: Float[Tensor, "T 25 3"], driver: Float[Tensor, "T 25 3"], fps: float
) -> Float64[Tensor, " T"]:
    """The mean speed of the ankles of standing feet relative to the driver's.

    Args:
        generated: key points found in the result, in pixels of a picture that stands still.
        driver: the driver's key points in the same pixels.
        fps: frames per second.

    Returns:
        Body heights per second, for the span that ends at each frame; NaN where no foot stands,
        or its ankle is not found in the result.
    """
    span = max(1, round(SPAN * fps))
    height = standing_height(driver)
    out = torch.full((len(driver),), torch.nan, dtype=torch.float64)
    if len(driver) <= span:
        return out
    made, true = (points[:, _ANKLES].double() for points in (generated, driver))
    measured = standing(true, span, height) & (made[span:, :, 2] >= SEEN)
    measured &= made[:-span, :, 2] >= SEEN
    moved, wanted = (p[span:, :, :2] - p[:-span, :, :2] for p in (made, true))
    speed = (moved - wanted).norm(dim=-1) * fps / span / height
    out[span:] = torch.where(measured, speed, torch.nan).nanmean(1)
    return out


def standing(
    ankles: Float64[Tensor, "T 2 3"], span: int, height: float
) -> Bool[Tensor, "T-{span} 2"]:
    """Which feet stood still and on the ground for the `span` frames before each frame."""
    now = ankles[span:]
    still = now[..., 2] >= SEEN
    for back in range(1, span + 1):
        before = ankles[span - back : len(ankles) - back]
        near = (now[..., :2] - before[..., :2]).norm(dim=-1) <= STILL * height
        still &= near & (before[..., 2] >= SEEN)
    low = now[..., 1] >= now[..., 1].amax(1, keepdim=True) - LOW * height
    return still & low
