"""Features for FVD: logits of I3D over clips of 16 frames, in the variant of StyleGAN-V.

The shorter side is resized to 224 pixels (bilinear) and the centre square is cropped, with values
in [-1, 1]. For a portrait canvas the square shows the trunk but not head and feet. Other variants
resize the whole frame to a square, and their values are not comparable.

The network is a TorchScript program. It is loaded from bytes whose sha256 was checked, not from the
file, which could change in between.
"""

import hashlib
import math
import warnings
from io import BytesIO
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor.metrics.weights import I3D
from reenactor.runtime import Runtime

FRAMES = 16
"""Frames per clip."""
SIDE = 224


@runtime_checkable  # so that the tests' type checks can look at arguments
class Detector(Protocol):
    """The TorchScript of I3D, or a stand-in in tests."""

    def __call__(self, x: Tensor, rescale: bool, resize: bool, return_features: bool) -> Tensor: ...


def load_i3d(runtime: Runtime) -> Detector:
    """Load the published network.

    Raises:
        WeightsError: the file is missing, or a different one.
    """
    path = runtime.weight(I3D)
    program = path.read_bytes()
    if hashlib.sha256(program).hexdigest() != I3D.sha256:
        raise WeightsError(
            f"the weights {I3D.name!r} are damaged, or another version",
            given=str(path),
            expected=f"sha256 {I3D.sha256}",
            advice="reenactor weights verify",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TorchScript errors
        detector: Detector = torch.jit.load(  # type: ignore[no-untyped-call]  # untyped in torch
            BytesIO(program), map_location=runtime.device
        ).eval()
    return detector


def clips(frames: Float[Tensor, "T 3 H W"]) -> Float[Tensor, "N 3 16 224 224"]:
    """Split a video into non-overlapping clips for I3D; a shorter remainder is dropped."""
    count = len(frames) // FRAMES
    height, width = frames.shape[-2:]
    scale = SIDE / min(height, width)
    size = (max(SIDE, math.ceil(height * scale)), max(SIDE, math.ceil(width * scale)))
    size = (SIDE, size[1]) if height < width else (size[0], SIDE)
    used = frames[: count * FRAMES]
    resized = F.interpolate(used, size=size, mode="bilinear", align_corners=False)
    top, left = (size[0] - SIDE) // 2, (size[1] - SIDE) // 2
    square = resized[..., top : top + SIDE, left : left + SIDE] * 2 - 1
    return square.reshape(count, FRAMES, 3, SIDE, SIDE).transpose(1, 2).contiguous()


def features(
    detector: Detector, frames: Float[Tensor, "T 3 H W"], device: torch.device
) -> Float[Tensor, "N D"]:
    """One row of logits per clip of a video."""
    if len(frames) < FRAMES:
        return torch.zeros(0, 400)
    with torch.inference_mode():
        rows = [
            detector(clip.to(device), rescale=False, resize=False, return_features=True).cpu()
            for clip in torch.split(clips(frames), 1)
        ]
    return torch.cat(rows)
