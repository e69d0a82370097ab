"""The dense pose estimator `densepose`: runs on the person's box and maps results to the canvas."""

from functools import partial
from typing import final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.ops.windows import extents
from reenactor.roles import DenseEstimator
from reenactor.runtime import Runtime
from reenactor.values import Dense, Frames, Skeleton
from reenactor_plugins.networks.checkpoint import (
    for_inference,
    from_state_dict,
    load_checkpoint,
    public_file,
    random_network,
)
from reenactor_plugins.pose_estimator.densepose.backbone import STRIDE
from reenactor_plugins.pose_estimator.densepose.network import (
    DensePose,
    DensePoseArchitecture,
    DensePoseCharts,
    architecture_of,
    needed,
)
from reenactor_plugins.pose_estimator.densepose.options import DensePoseOptions
from reenactor_plugins.pose_estimator.densepose.weights import R_50_FPN_S1X

MEAN_BGR = (103.530, 116.280, 123.675)
"""Mean of the training pictures, in 0..255. There is no division by a standard deviation."""
LONGEST = 1333 / 800
"""Maximum ratio of the longer to the shorter side; larger pictures are scaled down."""
NARROW = 32
"""Channels of the head for random weights."""
INSIDE = "model"
"""Key of the tensors in detectron2's files."""

Box = tuple[int, int, int, int]
"""x, y, width and height in pixels."""


@final
class DensePoseEstimator(DenseEstimator[DensePoseOptions]):
    """Estimates parts and surface coordinates of one person, in the box of the key points.

    Raises:
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: DensePoseOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)

    @torch.inference_mode()
    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        """All background if no person is visible."""
        part = torch.zeros(len(frames), *frames.size, dtype=torch.uint8)
        uv = torch.zeros(len(frames), 2, *frames.size)
        for t, box in enumerate(boxes_of(skeleton, frames.size, self.options.margin)):
            if bool(box.isfinite().all()):
                charts = self._charts(frames.pixels[t], box)
                part[t], uv[t] = laid(charts, box, frames.size)
        return Dense(part, uv)

    def _charts(self, picture: UInt8[Tensor, "H W 3"], box: Float[Tensor, " 4"]) -> DensePoseCharts:
        """Run the network on one box."""
        height, width = picture.shape[:2]
        scale = self.options.side / min(height, width)
        scale = min(scale, self.options.side * LONGEST / max(height, width))
        size = max(1, round(height * scale)), max(1, round(width * scale))
        bgr = picture.flip(2).permute(2, 0, 1)[None].float()
        small = F.interpolate(bgr, size, mode="bilinear", antialias=True)
        small -= small.new_tensor(MEAN_BGR)[:, None, None]
        given = F.pad(small, (0, -size[1] % STRIDE, 0, -size[0] % STRIDE))
        factor = torch.tensor([size[1] / width, size[0] / height]).repeat(2)
        device, dtype = self.runtime.device, self.runtime.dtype
        found = self.network(given.to(device, dtype), (box * factor)[None].to(device))
        return DensePoseCharts(
            found.coarse.float().cpu(),
            found.fine.float().cpu(),
            found.u.float().cpu(),
            found.v.float().cpu(),
        )


def boxes_of(skeleton: Skeleton, size: tuple[int, int], margin: float) -> Float[Tensor, "T 4"]:
    """x0, y0, x1, y1 of each person, clipped to the canvas, whose left and upper edges are at 0.

    NaN if the person is not visible or outside the canvas.
    """
    box = extents(skeleton) + 0.5
    wider = margin * (box[:, 3:] - box[:, 1:2])
    box = torch.cat([box[:, :2] - wider, box[:, 2:] + wider], 1)
    edge = box.new_tensor([size[1], size[0]]).repeat(2)
    box = torch.minimum(box.clamp(min=0), edge)
    seen = ((box[:, 2:] - box[:, :2]) >= 1).all(1, keepdim=True)
    return torch.where(seen, box, torch.nan)


def laid(
    charts: DensePoseCharts, box: Float[Tensor, " 4"], size: tuple[int, int]
) -> tuple[UInt8[Tensor, "H W"], Float[Tensor, "2 H W"]]:
    """Map the charts of one box to the canvas: I, and U and V in [0, 1].

    As in DensePose's own tools, the box is rounded to whole pixels, scores are upsampled before the
    argmax, and parts are used where the coarse classes detect a body.
    """
    x, y, width, height = whole(box)
    coarse, fine, u, v = (
        F.interpolate(one, (height, width), mode="bilinear")[0]
        for one in (charts.coarse, charts.fine, charts.u, charts.v)
    )
    label = fine.argmax(0) * (coarse.argmax(0) > 0)
    both = torch.stack([u, v]).gather(1, label.expand(2, 1, -1, -1))[:, 0]
    part = torch.zeros(size, dtype=torch.uint8)
    uv = torch.zeros(2, *size)
    rows, columns = slice(y, y + height), slice(x, x + width)
    part[rows, columns] = label[: size[0] - y, : size[1] - x].to(torch.uint8)
    uv[:, rows, columns] = (both.clamp(0, 1) * (label > 0))[:, : size[0] - y, : size[1] - x]
    return part, uv


def whole(box: Float[Tensor, " 4"]) -> Box:
    """Round the box to whole pixels, at least one."""
    x, y = int(box[0]), int(box[1])
    return x, y, max(1, int(box[2] - box[0])), max(1, int(box[3] - box[1]))


def _network(options: DensePoseOptions, runtime: Runtime) -> DensePose:
    if options.weights == "random":
        return random_network(partial(DensePose, DensePoseArchitecture(width=NARROW)), runtime.seed)
    file = public_file(options.weights, R_50_FPN_S1X, runtime)
    tensors = needed(load_checkpoint(file, "weights", "densepose", inside=INSIDE))
    return from_state_dict(
        partial(DensePose, architecture_of(tensors, options.pooler_resolution)),
        tensors,
        "densepose",
    )
