"""What is compared: one method's crops of one video, and the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.evaluation.annotation import Annotations
from reenactor.evaluation.crops import Crops
from reenactor.metrics.body_shape import Shape
from reenactor.values import Skeleton, Window


@dataclass(frozen=True)
class TargetSeen:
    """The body shape in the target's photo, and the embedding of its face, `(1, D)`."""

    shape: Shape
    embedding: Float[Tensor, "F D"]


@dataclass(frozen=True)
class Comparison:
    """One method's crops of one video and the ground truth (None in cross-reenactment).

    `found` and `true` are the annotations of `crops` and `truth`, in the same order. `scored` are
    the frame numbers to measure. `driver` and `window` are the driver's key points in its video and
    the crop's windows there, `yaw` is the driver's in degrees, all by frame number.
    """

    crops: Crops
    found: Annotations
    truth: Crops | None
    true: Annotations | None
    scored: tuple[int, ...]
    target: TargetSeen
    driver: Skeleton
    window: Window
    yaw: Float[Tensor, " N"]
    fps: float

    def rows(self, numbers: Sequence[int]) -> Tensor:
        """Indices of frame numbers into `found`."""
        place = {n: i for i, n in enumerate(self.crops.index)}
        return torch.tensor([place[n] for n in numbers], dtype=torch.long)

    def true_rows(self, numbers: Sequence[int]) -> Tensor:
        """Indices of frame numbers into `true`."""
        index = () if self.truth is None else self.truth.index
        place = {n: i for i, n in enumerate(index)}
        return torch.tensor([place[n] for n in numbers], dtype=torch.long)

    def found_in_video(self) -> Float[Tensor, "N 25 3"]:
        """Key points of the result in pixels of the driver's video; zeros for missing frames."""
        numbers = list(self.crops.index)
        to_source = self.window.to_source[numbers]
        body = self.found.body
        xy = body[..., :2] @ to_source[:, :, :2].transpose(1, 2) + to_source[:, None, :, 2]
        out = torch.zeros_like(self.driver.body)
        out[numbers] = torch.cat([xy, body[..., 2:]], -1)
        return out
