"""Places the dance where the target stands in the photo."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.joints import Joint
from reenactor.ops.silhouette import body_height
from reenactor.values import Skeleton

FEET = (Joint.L_ANKLE, Joint.R_ANKLE, Joint.L_HEEL, Joint.R_HEEL, Joint.L_BIG_TOE, Joint.R_BIG_TOE)


def into_photo(motion: Skeleton, photo: Skeleton) -> Float[Tensor, "T 2 3"]:
    """The affine map that places the dance where the person in the photo stands.

    One map for the whole clip: the scale matches body heights; the position matches the median hips
    and the ground.

    Args:
        motion: T frames in source pixels.
        photo: the target in pixels of the photo, T = 1.
    """
    seen = motion.body[:, Joint.MID_HIP, 2] > 0
    dancer = motion[torch.nonzero(seen)[:, 0]]
    heights = [body_height(dancer[t : t + 1]) for t in range(0, len(dancer), 5)]
    scale = body_height(photo) / max(float(np.median(heights)), 1e-6) if heights else 1.0
    hip = dancer.body[:, Joint.MID_HIP, 0].median() if len(dancer) else torch.tensor(0.0)
    ground = _ground(dancer.body)
    dx = float(photo.body[0, Joint.MID_HIP, 0]) - scale * float(hip)
    dy = _ground(photo.body) - scale * ground
    matrix = torch.tensor([[scale, 0.0, dx], [0.0, scale, dy]])
    return matrix.expand(len(motion), 2, 3)


def _ground(body: Float[Tensor, "T 25 3"]) -> float:
    """The y coordinate of the ground: the upper decile of the lowest foot."""
    feet = body[:, list(FEET)]
    lowest = torch.where(feet[..., 2] > 0, feet[..., 1], -torch.inf).amax(1)
    lowest = lowest[torch.isfinite(lowest)]
    return float(lowest.quantile(0.9)) if len(lowest) else 0.0
