"""The skeleton estimator `openpose`."""

from functools import partial
from pathlib import Path
from typing import final

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.manifest import Weight
from reenactor.roles import SkeletonEstimator
from reenactor.runtime import Runtime
from reenactor.values import Frames, People, Skeleton
from reenactor_plugins.networks.checkpoint import (
    for_inference,
    from_state_dict,
    load_checkpoint,
    public_file,
    random_network,
)
from reenactor_plugins.networks.sampling import sampled
from reenactor_plugins.pose_estimator.openpose.assembly import assemble_people
from reenactor_plugins.pose_estimator.openpose.details import Square, face_square, hand_squares
from reenactor_plugins.pose_estimator.openpose.layout import COCO
from reenactor_plugins.pose_estimator.openpose.network import (
    Body25,
    Coco,
    PointMaps,
    by_caffe_names,
)
from reenactor_plugins.pose_estimator.openpose.options import OpenPoseOptions
from reenactor_plugins.pose_estimator.openpose.peaks import enlarged, highest, maxima
from reenactor_plugins.pose_estimator.openpose.weights import BODY, FACE, HANDS
from reenactor_plugins.pose_estimator.openpose_files.people import boxes, from_coco

GRID = 16
"""The width of the network's input is a multiple of this, as in OpenPose."""
DETAIL = 368
"""Input size of the hand and face networks in pixels."""


@final
class OpenPose(SkeletonEstimator[OpenPoseOptions]):
    """Detects all people in each frame; hands and faces if their networks are given.

    Raises:
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: OpenPoseOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.body = for_inference(_body(options, runtime), runtime)
        self.hand = _points(options.hands, HANDS, "hands", 21, runtime)
        self.face = _points(options.face, FACE, "face", 70, runtime)

    @torch.inference_mode()
    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        del before  # frames are processed independently
        return tuple(self._people(picture) for picture in frames.pixels)

    def _people(self, picture: UInt8[Tensor, "H W 3"]) -> People:
        bodies = self._bodies(picture.numpy())[: self.options.max_people]
        if not len(bodies):
            return People.nobody()
        colours = picture.permute(2, 0, 1)[None].float() / 255
        skeleton = Skeleton(
            bodies,
            torch.stack([self._hands(colours, body) for body in bodies]),
            torch.stack([self._face(colours, body) for body in bodies]),
        )
        score = bodies[..., 2].mean(1)
        order = torch.argsort(score, descending=True, stable=True)
        return People(skeleton[order], score[order], boxes(skeleton[order]))

    def _bodies(self, picture: UInt8[np.ndarray, "H W 3"]) -> Float[Tensor, "N 25 3"]:
        """The points of all people in pixels of the picture."""
        given, size = seen(picture, self.options.height)
        maps, fields = self.body(given.to(self.runtime.device, self.runtime.dtype))
        layout = self.body.layout
        heat = enlarged(maps[0, : layout.points].float().cpu())[:, : size[0], : size[1]]
        found = assemble_people(
            maxima(heat), fields[0].float().cpu(), layout, self.options.min_score
        )
        points = torch.from_numpy(found)
        scale = torch.tensor([picture.shape[1] / size[1], picture.shape[0] / size[0]])
        # A point that is not seen has no place.
        there = points[..., 2:] > 0
        points[..., :2] = torch.where(there, (points[..., :2] + 0.5) * scale - 0.5, 0.0)
        points[..., 2].clamp_(0, 1)
        if layout is COCO and len(points):
            return torch.stack([from_coco(one) for one in points])
        return points if len(points) else torch.zeros(0, 25, 3)

    def _hands(
        self, picture: Float[Tensor, "1 3 H W"], body: Float[Tensor, "25 3"]
    ) -> Float[Tensor, "2 21 3"]:
        """The network detects right hands; left ones are flipped."""
        left, right = hand_squares(body)
        return torch.stack(
            [
                self._detail(self.hand, picture, left, 21, mirrored=True),
                self._detail(self.hand, picture, right, 21),
            ]
        )

    def _face(
        self, picture: Float[Tensor, "1 3 H W"], body: Float[Tensor, "25 3"]
    ) -> Float[Tensor, "70 3"]:
        return self._detail(self.face, picture, face_square(body), 70)

    def _detail(
        self,
        network: PointMaps | None,
        picture: Float[Tensor, "1 3 H W"],
        square: Square | None,
        count: int,
        mirrored: bool = False,
    ) -> Float[Tensor, "K 3"]:
        """The points of a hand or face in pixels of the picture."""
        if network is None or square is None:
            return torch.zeros(count, 3)
        x, y, side = square
        scale = side / DETAIL
        across = -scale if mirrored else scale
        middle = (DETAIL - 1) / 2
        to_picture = torch.tensor(
            [[[across, 0.0, x - middle * across], [0.0, scale, y - middle * scale]]]
        )
        crop = sampled(picture, to_picture, (DETAIL, DETAIL), repeat_edges=False)
        given = _normalised(crop).to(self.runtime.device, self.runtime.dtype)
        points = highest(enlarged(network(given)[0, :count].float().cpu()))
        xy = points[:, :2] @ to_picture[0, :, :2].T + to_picture[0, :, 2]
        found = torch.cat([xy, points[:, 2:].clamp(0, 1)], 1)
        return torch.where(found[:, 2:] > 0, found, 0.0)


def seen(
    picture: UInt8[np.ndarray, "H W 3"], height: int
) -> tuple[Float[Tensor, "1 3 h W16"], tuple[int, int]]:
    """The body network's input for a picture, and its height and width without padding."""
    width = max(GRID, round(picture.shape[1] * height / picture.shape[0]))
    how = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_CUBIC
    small = torch.from_numpy(cv2.resize(picture, (width, height), interpolation=how))
    given = _normalised(small.permute(2, 0, 1)[None].float() / 255)
    return torch.nn.functional.pad(given, (0, -width % GRID)), (height, width)


def _normalised(colours: Float[Tensor, "1 3 H W"]) -> Float[Tensor, "1 3 H W"]:
    """Convert RGB in [0, 1] to Caffe's input: BGR in 0..255, divided by 256, minus 1/2."""
    return colours.flip(1) * (255 / 256) - 0.5


def _body(options: OpenPoseOptions, runtime: Runtime) -> Body25 | Coco:
    if options.weights == "random":
        return random_network(Body25, runtime.seed)
    file = public_file(options.weights, BODY, runtime)
    tensors = by_caffe_names(load_checkpoint(file, "weights", "openpose"))
    if "layers.conv5_1_CPM_L1.weight" in tensors:
        return from_state_dict(Coco, tensors, "openpose's COCO network")
    return from_state_dict(Body25, tensors, "openpose's BODY_25 network")


def _points(
    value: str | Path | None, weight: Weight, option: str, count: int, runtime: Runtime
) -> PointMaps | None:
    if value is None:
        return None
    file = public_file(value, weight, runtime)
    tensors = by_caffe_names(load_checkpoint(file, option, f"openpose's network of {option}"))
    return for_inference(from_state_dict(partial(PointMaps, count), tensors, option), runtime)
