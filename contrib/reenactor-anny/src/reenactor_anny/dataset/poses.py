"""The poses of the dataset: from dances, mirrored and mixed, and made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.motion_file import SUFFIX, load_motion
from reenactor_anny.dataset.posture import Joints, Posture, made_up, random_hands
from reenactor_anny.mesh import Array
from reenactor_anny.options import AnnyOptions
from reenactor_anny.turning import CAMERA, DOWN, LEFT, about

SURE = 0.5
"""A frame of a dance is taken where trunk and limbs are at least that sure."""
NEEDED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
UPPER = (0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 18)
LOOSE = (Joint.L_ELBOW, Joint.R_ELBOW, Joint.L_WRIST, Joint.R_WRIST, Joint.L_KNEE, Joint.R_KNEE)


@dataclass(frozen=True)
class View:
    """A pose as seen: the posture turned to the camera, and the camera.

    `tilt` turns everything about the picture's x axis (looking down is above 0), `distance` is
    the camera's from the body's middle, in body heights.
    """

    posture: Posture
    tilt: Array
    distance: float


@final
class Poses:
    """Poses by number: the same number, the same pose, whatever was asked for before."""

    def __init__(self, options: AnnyOptions) -> None:
        self._options = options
        self._taken = [frame for path in motion_files(options.poses) for frame in _frames(path)]
        if options.poses and not self._taken:
            raise InputError(
                "no dancer's joints in space are in these files",
                given=", ".join(map(str, options.poses)),
                expected="motions of a pose estimator that finds depth, as blazepose does",
            )

    def view(self, number: int) -> View:
        rng = np.random.default_rng([self._options.seed, 1, number])
        posture = self._posture(rng)
        if self._options.mirror and rng.random() < 0.5:
            posture = posture.mirrored()
        yaw = self._options.yaw
        posture = posture.seen_from(about(DOWN, float(rng.uniform(-yaw, yaw))))
        tilt = about(LEFT, float(rng.normal(2, 5)))
        return View(posture, tilt, float(rng.uniform(2.0, 5.0)))

    def _posture(self, rng: np.random.Generator) -> Posture:
        if not self._taken or rng.random() < self._options.made_up:
            return made_up(rng)
        joints = self._pick(rng)
        if rng.random() < 0.45:
            joints = _recombined(joints, self._pick(rng))
        joints = joints.copy()
        joints[list(LOOSE)] += rng.normal(0, 0.025, (len(LOOSE), 3))
        return Posture(joints, random_hands(rng))

    def _pick(self, rng: np.random.Generator) -> Joints:
        return self._taken[int(rng.integers(len(self._taken)))]


def motion_files(paths: Sequence[Path]) -> list[Path]:
    """The motion files that are named, or lie in the folders that are named."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob(f"*{SUFFIX}"))
        else:
            found.append(path)
    return found


def _frames(path: Path) -> list[Joints]:
    """The joints in space of a motion's well seen frames."""
    motion = load_motion(path)
    world = motion.skeleton.world
    if world is None:
        return []
    sure = motion.skeleton.body[:, list(NEEDED), 2].amin(1) > SURE
    kept = sure & motion.present & world.isfinite().all(-1).all(-1)
    return list(world[kept].double().numpy() @ CAMERA)


def _recombined(upper: Joints, lower: Joints) -> Joints:
    """The trunk, arms and head of one posture on the legs of another, their hips in line."""
    angles = []
    for joints in (upper, lower):
        across = joints[Joint.L_HIP] - joints[Joint.R_HIP]
        angles.append(np.degrees(np.arctan2(across[1], across[0])))
    turned: Joints = lower @ about(DOWN, float(angles[1] - angles[0])).T
    turned[list(UPPER)] = upper[list(UPPER)]
    return turned
