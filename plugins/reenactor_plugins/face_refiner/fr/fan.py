"""The paper's face alignment network (Bulat, Tzimiropoulos 2017), from the package face-alignment.

Only its network is used. The package itself would download weights and detect faces in each
picture; here the weights come from a file and the face from the skeleton.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from reenactor.errors import PluginError
from reenactor.runtime import Runtime
from reenactor_plugins.networks.checkpoint import for_inference, from_state_dict, load_checkpoint
from reenactor_plugins.networks.sampling import box_to_square, sampled

INPUT, MAP = 256, 64
"""Sides of the network's input and of its heat maps in pixels."""
POINTS = 68
REACH = 200 / 195
"""A face box (w, h) is seen in a square of (w + h) * REACH pixels ..."""
RISE = 0.12
"""... whose centre is this share of h above the box's."""


class FaceAlignmentNetwork:
    """Detects 68 face points in pictures.

    Raises:
        PluginError: the package is not installed.
        WeightsError: the file of weights is missing.
    """

    def __init__(self, file: Path | None, runtime: Runtime) -> None:
        weights = load_checkpoint(file, "fan", "face-alignment's network")
        self._runtime = runtime
        self._network = for_inference(from_state_dict(_make(), weights, "2DFAN4"), runtime)

    def refined(
        self, pictures: Float[Tensor, "T 3 H W"], face: Float[Tensor, "T 70 3"]
    ) -> Float[Tensor, "T 70 3"]:
        """Detect face points near the given ones.

        Pupils, and faces that are not visible, are unchanged.
        """
        seen = face[:, :POINTS, 2].mean(1) > 0
        to_picture = box_to_square(squares(face[:, :POINTS, :2]), INPUT)
        to_picture = torch.where(seen[:, None, None], to_picture, torch.eye(2, 3))
        crops = sampled(pictures, to_picture, (INPUT, INPUT), repeat_edges=False)
        with torch.inference_mode():
            maps = self._network(crops.to(self._runtime.device, self._runtime.dtype))[-1]
        found = peaks(maps.float().cpu())
        xy = found[..., :2] @ to_picture[:, :, :2].transpose(1, 2) + to_picture[:, None, :, 2]
        points = torch.cat([xy, found[..., 2:]], -1)
        return torch.where(seen[:, None, None], torch.cat([points, face[:, POINTS:]], 1), face)


def squares(points: Float[Tensor, "T N 2"]) -> Float[Tensor, "T 4"]:
    """Input squares of faces with the given points: x0, y0, x1, y1."""
    low, high = points.amin(1), points.amax(1)
    width, height = (high - low).unbind(-1)
    half = (width + height) * REACH / 2
    centre = (low + high) / 2 - torch.stack([torch.zeros_like(height), RISE * height], -1)
    return torch.cat([centre - half[:, None], centre + half[:, None]], -1)


def peaks(maps: Float[Tensor, "T N h w"]) -> Float[Tensor, "T N 3"]:
    """x, y in the network's input, and the value of each map's maximum.

    As in the authors' program, a quarter of a pixel is added towards the higher neighbour.
    """
    side = maps.shape[-1]
    best, index = maps.flatten(2).max(-1)
    x, y = index % side, index // side
    rows = maps.gather(2, y[..., None, None].expand(-1, -1, 1, side))[:, :, 0]
    columns = maps.gather(3, x[..., None, None].expand(-1, -1, side, 1))[..., 0]
    scale = INPUT / side
    xy = [
        (at + 0.25 * _slope(line, at) + 0.5) * scale - 0.5 for at, line in ((x, rows), (y, columns))
    ]
    return torch.stack([*xy, best.clamp(0, 1)], -1)


def _slope(line: Float[Tensor, "T N s"], at: Tensor) -> Float[Tensor, "T N"]:
    """-1, 0 or 1: the side of a position on which the line is higher; 0 at its ends."""
    last = line.shape[-1] - 1
    after = line.gather(2, (at + 1).clamp(max=last)[..., None])[..., 0]
    before = line.gather(2, (at - 1).clamp(min=0)[..., None])[..., 0]
    inside = (at > 0) & (at < last)
    return torch.where(inside, (after - before).sign(), 0.0)


def _make() -> Callable[[], nn.Module]:
    try:
        from face_alignment.models import FAN
    except ImportError as error:
        raise PluginError(
            "landmarks: face-alignment needs the package of that name",
            given="it is not installed",
            expected="face-alignment 1.5 or newer",
            advice="pip install 'reenactor[face-alignment]', or landmarks: skeleton",
        ) from error
    return partial(FAN, 4)
