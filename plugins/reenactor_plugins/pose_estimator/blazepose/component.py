"""The pose estimator `blazepose`: bodies, hands and faces."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, final

import numpy as np
import torch
from jaxtyping import Float32, UInt8

from reenactor.joints import Joint
from reenactor.roles import SkeletonEstimator
from reenactor.runtime import Runtime
from reenactor.values import Frames, People, Skeleton
from reenactor_plugins.networks.mediapipe.detection import pose_detector
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork
from reenactor_plugins.pose_estimator.blazepose.bodies import BodyFinder, TrackedBody
from reenactor_plugins.pose_estimator.blazepose.details import (
    FaceFinder,
    HandBefore,
    HandFinder,
    without_twin,
)
from reenactor_plugins.pose_estimator.blazepose.face import FaceNetwork
from reenactor_plugins.pose_estimator.blazepose.hand import HandNetwork
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions
from reenactor_plugins.pose_estimator.blazepose.silhouette import (
    MASK_SIDE,
    Silhouette,
    silhouette,
)

Picture = UInt8[np.ndarray, "H W 3"]
Work = ParamSpec("Work")
Found = TypeVar("Found")

WRISTS = (Joint.L_WRIST, Joint.R_WRIST)
LANDMARK_WRISTS = [15, 16]


@dataclass(frozen=True)
class _Details:
    """Pending results of one body: left hand, right hand, face."""

    hands: tuple[Future[Float32[np.ndarray, "21 3"]], ...]
    face: Future[Float32[np.ndarray, "70 3"]] | None
    silhouette: Future[Silhouette]


@final
class BlazePose(SkeletonEstimator[BlazePoseOptions]):
    """Estimates bodies with depth and silhouettes, hands and faces of several people.

    All state between frames is in `People`, so frames may come in batches of any size. With several
    threads, the details of a frame are found while the bodies of the next one are, with the same
    results.
    """

    def __init__(self, options: BlazePoseOptions, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
        self._bodies = BodyFinder(options, pose_detector(runtime), PoseNetwork(runtime))
        self._hands = self._face = None
        if options.hands:
            hand = HandNetwork(runtime)
            self._hands = HandFinder(hand.recropped, hand)
        if options.face:
            face = FaceNetwork(runtime)
            self._face = FaceFinder(face.found, face)

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        people: list[People] = []
        waiting: tuple[list[TrackedBody], list[_Details]] | None = None
        known = [] if before is None else list(before.skeleton.body.numpy())
        others = self.options.threads - 1
        with ThreadPoolExecutor(others) if others else nullcontext() as pool:
            for picture, index in zip(frames.pixels.numpy(), frames.index, strict=True):
                bodies = self._bodies(picture, index, known)
                known = [body.points.body for body in bodies]
                if waiting:
                    people.append(_gathered(*waiting))
                last = people[-1] if people else before
                waiting = bodies, [self._details(picture, body, last, pool) for body in bodies]
            if waiting:
                people.append(_gathered(*waiting))
        return tuple(people)

    def _details(
        self, picture: Picture, body: TrackedBody, before: People | None, pool: Executor | None
    ) -> _Details:
        """Start to find the details of a body."""
        hands: tuple[Future[Float32[np.ndarray, "21 3"]], ...] = ()
        if self._hands:
            hands = tuple(
                _begin(pool, self._hands, picture, body.found, side, _hand(body, side, before))
                for side in range(2)
            )
        face = _begin(pool, self._face, picture, body.found) if self._face else None
        return _Details(hands, face, _begin(pool, silhouette, body.found, body.box))


def _begin(
    pool: Executor | None, work: Callable[Work, Found], *args: Work.args, **named: Work.kwargs
) -> Future[Found]:
    """Run in the pool, or directly if there is none."""
    if pool is not None:
        return pool.submit(work, *args, **named)
    future: Future[Found] = Future()
    future.set_result(work(*args, **named))
    return future


def _hand(body: TrackedBody, side: int, before: People | None) -> HandBefore | None:
    """The hand in the previous frame, if body and hand were visible there."""
    if before is None or body.before is None:
        return None
    skeleton = before.skeleton
    wrist = skeleton.body[body.before, WRISTS[side], :2].numpy()
    return HandBefore(skeleton.hands[body.before, side].numpy(), wrist)


def _gathered(bodies: Sequence[TrackedBody], details: Sequence[_Details]) -> People:
    """Collect the results of one frame."""
    if not bodies:
        return People.nobody()
    hands = np.zeros((len(bodies), 2, 21, 3), np.float32)
    face = np.zeros((len(bodies), 70, 3), np.float32)
    mask = np.zeros((len(bodies), 1, MASK_SIDE, MASK_SIDE), np.float32)
    mask_box = np.zeros((len(bodies), 4), np.float32)
    for n, (body, detail) in enumerate(zip(bodies, details, strict=True)):
        if detail.hands:
            left, right = (hand.result() for hand in detail.hands)
            hands[n] = without_twin(left, right, body.found.landmarks[LANDMARK_WRISTS, :2])
        if detail.face:
            face[n] = detail.face.result()
        mask[n, 0], mask_box[n] = detail.silhouette.result().mask, detail.silhouette.result().box
    skeleton = Skeleton(
        body=torch.from_numpy(np.stack([body.points.body for body in bodies])),
        hands=torch.from_numpy(hands),
        face=torch.from_numpy(face),
        world=torch.from_numpy(np.stack([body.points.world for body in bodies])),
    )
    return People(
        skeleton,
        torch.tensor([body.score for body in bodies]),
        torch.from_numpy(np.stack([body.box for body in bodies])),
        torch.from_numpy(mask),
        torch.from_numpy(mask_box),
    )
