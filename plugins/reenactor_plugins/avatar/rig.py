"""The baked rig: a trunk, a head and a left hand of the parametric body model Anny."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int32


@dataclass(frozen=True)
class AnnyRig:
    """Parts of a body whose axes are the camera's: x right, y down, z away; the person faces it.

    `trunk` holds closed outlines (x, z) at `levels` (0 between the shoulders, 1 between the hips),
    in trunk lengths. `head` is in metres from between the ears, `scalp` its metres inside the
    hairline, `marks` the vertices of the 70 face points. `hand` is the person's left hand, in
    metres from the wrist; `joints` its 21 key points and `shares` how it follows the palm and the
    15 phalanges, thumb first.
    """

    levels: Float32[np.ndarray, " L"]
    trunk: Float32[np.ndarray, "L D 2"]
    head: Float32[np.ndarray, "N 3"]
    head_faces: Int32[np.ndarray, "F 3"]
    scalp: Float32[np.ndarray, " N"]
    marks: Int32[np.ndarray, " 70"]
    hand: Float32[np.ndarray, "M 3"]
    hand_faces: Int32[np.ndarray, "G 3"]
    shares: Float32[np.ndarray, "M 16"]
    joints: Float32[np.ndarray, "21 3"]


def load_rig(path: Path) -> AnnyRig:
    """Read the rig of an average person."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file}
    shares = arrays["hand_shares"].astype(np.float32)
    return AnnyRig(
        levels=arrays["trunk_levels"],
        trunk=arrays["trunk_outline"].astype(np.float32),
        head=arrays["head_points"].astype(np.float32),
        head_faces=arrays["head_faces"].astype(np.int32),
        scalp=arrays["head_scalp"].astype(np.float32),
        marks=arrays["head_marks"].astype(np.int32),
        hand=arrays["hand_points"].astype(np.float32),
        hand_faces=arrays["hand_faces"].astype(np.int32),
        shares=shares / shares.sum(1, keepdims=True),  # half precision rounds
        joints=arrays["hand_joints"],
    )
