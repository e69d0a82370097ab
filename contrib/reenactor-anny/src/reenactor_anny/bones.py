"""Where every bone of a posed body is, and what follows it."""

from dataclasses import dataclass

import numpy as np

from reenactor_anny.body import Body
from reenactor_anny.mesh import Array
from reenactor_anny.turning import about, unit_vector

SIGN = {"L": 1.0, "R": -1.0}
Turns = dict[str, Array]
"""The turn (3, 3) of each bone by its name."""


@dataclass(frozen=True)
class Bones:
    """`turns` (J, 3, 3) and `places` (J, 3): a point x at rest moves to turn (x - head) + place."""

    turns: Array
    places: Array
    heads: Array

    def carry(self, points: Array, weights: Array) -> Array:
        """Linear blend skinning of points (N, 3) by weights (N, J)."""
        shift = self.places - np.einsum("jab,jb->ja", self.turns, self.heads)
        affine = np.concatenate([self.turns, shift[:, :, None]], axis=2).reshape(-1, 12)
        blend = (weights @ affine).reshape(-1, 3, 4)
        return np.asarray(np.einsum("nab,nb->na", blend[:, :, :3], points) + blend[:, :, 3])


def bend_hand(
    body: Body, side: str, forearm: Array, curl: float, bend: float, turns: Turns
) -> None:
    """Turn hand and fingers: the wrist bent by degrees to the palm, the fingers curled.

    `curl` is 0 (flat) to 1 (a fist); `forearm` the turn of the forearm's end.
    """
    sign = SIGN[side]
    wrist, index, little = (
        body.head(f"{bone}.{side}") for bone in ("wrist", "finger2-1", "finger5-1")
    )
    across = unit_vector(little - index)
    turns[f"wrist.{side}"] = hand = forearm @ about(across, -sign * bend)
    angle = (curl - 0.35) * 75
    for finger in (2, 3, 4, 5):
        turns[f"metacarpal{finger - 1}.{side}"] = current = hand
        for joint in (1, 2, 3):
            current = current @ about(across, -sign * angle * (1 if angle > 0 else 0.45))
            turns[f"finger{finger}-{joint}.{side}"] = current
    thumb = unit_vector(index - wrist)
    current = hand
    for joint in (1, 2, 3):
        current = current @ about(thumb, sign * max(0.0, angle) * 0.3)
        turns[f"finger1-{joint}.{side}"] = current
