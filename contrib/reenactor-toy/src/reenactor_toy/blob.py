"""A pose estimator: a fixed standing pose, scaled to the person's bounding box."""

from typing import final

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.joints import Joint
from reenactor.roles import SkeletonEstimator
from reenactor.values import Frames, People, Skeleton
from reenactor_toy.foreground import foreground
from reenactor_toy.options import BlobOptions

# Joints of a standing person relative to their box: x and y from 0 to 1. Right and left are the
# person's own, so a right hand is on the left of the picture.
_STANCE: dict[Joint, tuple[float, float]] = {
    Joint.NOSE: (0.50, 0.07),
    Joint.NECK: (0.50, 0.18),
    Joint.R_SHOULDER: (0.25, 0.19),
    Joint.R_ELBOW: (0.12, 0.34),
    Joint.R_WRIST: (0.05, 0.48),
    Joint.L_SHOULDER: (0.75, 0.19),
    Joint.L_ELBOW: (0.88, 0.34),
    Joint.L_WRIST: (0.95, 0.48),
    Joint.MID_HIP: (0.50, 0.52),
    Joint.R_HIP: (0.38, 0.52),
    Joint.R_KNEE: (0.36, 0.74),
    Joint.R_ANKLE: (0.34, 0.95),
    Joint.L_HIP: (0.62, 0.52),
    Joint.L_KNEE: (0.64, 0.74),
    Joint.L_ANKLE: (0.66, 0.95),
}


@final
class ToyBlob(SkeletonEstimator[BlobOptions]):
    """Finds at most one person in each frame."""

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        """Find the person in each frame; `before` is not used."""
        del before
        masks = foreground(frames.pixels, self.options.threshold)
        return tuple(self._person(mask) for mask in masks)

    def _person(self, mask: Bool[Tensor, "H W"]) -> People:
        if mask.float().mean() < self.options.min_area:
            return People.nobody()
        rows, columns = mask.any(1).nonzero()[:, 0], mask.any(0).nonzero()[:, 0]
        box = torch.stack([columns[0], rows[0], columns[-1], rows[-1]]).float()
        corner, size = box[:2], box[2:] - box[:2]
        body = torch.zeros(1, len(Joint), 3)
        for joint, place in _STANCE.items():
            body[0, joint, :2] = corner + size * torch.tensor(place)
            body[0, joint, 2] = 1.0
        empty = Skeleton.empty(1)
        skeleton = Skeleton(body, empty.hands, empty.face)
        return People(skeleton, score=torch.ones(1), box=box[None])
