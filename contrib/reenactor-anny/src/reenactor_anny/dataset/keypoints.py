"""Key points of a posed figure: where they are, and how sure a detector would be of them."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float

from reenactor.joints import Joint
from reenactor.values import Skeleton
from reenactor_anny.body import Body
from reenactor_anny.bones import Bones
from reenactor_anny.dataset.marks import BONES, Marks
from reenactor_anny.mesh import Array
from reenactor_anny.turning import CAMERA, FRONT

DEEP = {
    Joint.NECK: 0.14, Joint.MID_HIP: 0.20, Joint.L_HIP: 0.18, Joint.R_HIP: 0.18,
    Joint.L_SHOULDER: 0.11, Joint.R_SHOULDER: 0.11, Joint.L_KNEE: 0.12, Joint.R_KNEE: 0.12,
}  # fmt: skip
"""How far (metres, at 1.7 m height) under what is seen a joint may lie and still be in view."""
SHALLOW = 0.085
THIN = 0.035
"""The same for faces, and for hands under a hand's own skin or a glove."""
COVERED = 0.01
"""The same for hands under anything else."""


@dataclass(frozen=True)
class Spots:
    """Key points in space: body (25), hands (2 x 21), face (70); and where the face looks."""

    body: Float[np.ndarray, "25 3"]
    hands: Float[np.ndarray, "2 21 3"]
    face: Float[np.ndarray, "70 3"]
    looks: Float[np.ndarray, " 3"]

    def all(self) -> Float[np.ndarray, "137 3"]:
        return np.concatenate([self.body, self.hands.reshape(-1, 3), self.face])


def spots_of(body: Body, bones: Bones, points: Array, marks: Marks) -> Spots:
    """Args:
    body: at rest.
    bones: where its bones are.
    points: its vertices, posed, in the same axes as the bones.
    marks: which vertices are key points.
    """
    joints = np.zeros((25, 3))
    for joint, bone in BONES.items():
        joints[joint] = bones.places[body.index(bone)]
    for joint, vertex in marks.body.items():
        joints[joint] = points[vertex]
    joints[Joint.NECK] = (joints[Joint.L_SHOULDER] + joints[Joint.R_SHOULDER]) / 2
    joints[Joint.MID_HIP] = (joints[Joint.L_HIP] + joints[Joint.R_HIP]) / 2
    hands = np.zeros((2, 21, 3))
    for hand, side, tips in zip(hands, "LR", marks.tips, strict=True):
        hand[0] = joints[Joint.L_WRIST if side == "L" else Joint.R_WRIST]
        for finger in range(5):
            for k in range(3):
                name = f"finger{finger + 1}-{k + 1}.{side}"
                hand[1 + 4 * finger + k] = bones.places[body.index(name)]
            hand[4 + 4 * finger] = points[tips[finger]]
    return Spots(joints, hands, points[marks.face], bones.turns[body.index("head")] @ FRONT)


@dataclass(frozen=True)
class Sight:
    """What the picture knows of key points: pixels, depths, and the nearest surface there.

    `hands` is where the picture shows hands or gloves.
    """

    pixels: Float[np.ndarray, "137 2"]
    depth: Float[np.ndarray, " 137"]
    surface: Float[np.ndarray, "H W"]
    hands: Bool[np.ndarray, "H W"]
    facing: float
    """Which way the face looks: 1 into the camera, -1 away."""
    size: float
    """Standing height over 1.7 m."""


def seen_skeleton(
    sight: Sight, world: Float[np.ndarray, "25 3"], rng: np.random.Generator
) -> Skeleton:
    """Key points with confidences: sure where visible, less where hidden, 0 outside the picture.

    A face that looks away has no face points; a hand that is mostly hidden often none.
    """
    deep = np.full(137, SHALLOW)
    deep[25:] = THIN
    for joint, depth in DEEP.items():
        deep[joint] = depth
    visible, inside = _visible(sight, deep * sight.size)
    sure = np.where(visible, rng.uniform(0.86, 0.99, 137), rng.uniform(0.55, 0.85, 137))
    sure[67:] = sure[67:] if sight.facing > 0.1 else 0.0
    for start in (25, 46):
        hand = slice(start, start + 21)
        if visible[hand].mean() < 0.45 and rng.random() < 0.6:
            sure[hand] = 0.0
    sure = np.where(inside, sure, 0.0)
    points = np.column_stack([np.where(inside[:, None], sight.pixels, 0.0), sure])
    every = torch.from_numpy(points.astype(np.float32))[None]
    # A detector cannot know how tall somebody is: its metres are an average adult's.
    centred = (world - world[Joint.MID_HIP]) @ CAMERA.T / sight.size
    return Skeleton(
        every[:, :25],
        every[:, 25:67].reshape(1, 2, 21, 3),
        every[:, 67:],
        torch.from_numpy(centred.astype(np.float32))[None],
    )


def _visible(
    sight: Sight, deep: Float[np.ndarray, " 137"]
) -> tuple[Bool[np.ndarray, " 137"], Bool[np.ndarray, " 137"]]:
    """Which key points nothing hides, and which are inside the picture."""
    height, width = sight.surface.shape
    x, y = np.round(sight.pixels).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    at = y.clip(0, height - 1), x.clip(0, width - 1)
    surface = sight.surface[at]
    under = np.where(sight.hands[at], deep, np.minimum(deep, COVERED * sight.size))
    deep = np.concatenate([deep[:25], under[25:67], deep[67:]])
    return inside & (surface > sight.depth - deep), inside
