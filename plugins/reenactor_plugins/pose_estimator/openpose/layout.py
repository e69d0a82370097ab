"""Which maps a body network gives, and which limbs its fields connect.

Points, limbs and channels are those of OpenPose's `poseParameters.cpp`. A limb's field has two
channels, x and y of the direction from its first point to its second.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LimbField:
    """Two points and the first of the field's two channels.

    `spare` limbs (ear to shoulder) run across others; they only add what the others left.
    """

    first: int
    second: int
    channel: int
    spare: bool = False


@dataclass(frozen=True)
class KeypointLayout:
    """`points` heat maps and one of the background; `fields` channels of part affinity fields.

    `trunk` is how many of the points count for whether somebody is a person: the feet do not, for
    a network often sees the same foot twice.
    """

    points: int
    fields: int
    trunk: int
    limbs: tuple[LimbField, ...]


BODY_25 = KeypointLayout(
    25,
    52,
    19,
    (
        LimbField(1, 8, 0), LimbField(9, 10, 2), LimbField(10, 11, 4), LimbField(8, 9, 6),
        LimbField(8, 12, 8), LimbField(12, 13, 10), LimbField(13, 14, 12), LimbField(1, 2, 14),
        LimbField(2, 3, 16), LimbField(3, 4, 18), LimbField(2, 17, 20, spare=True),
        LimbField(1, 5, 22), LimbField(5, 6, 24), LimbField(6, 7, 26),
        LimbField(5, 18, 28, spare=True), LimbField(1, 0, 30), LimbField(0, 15, 32),
        LimbField(0, 16, 34), LimbField(15, 17, 36), LimbField(16, 18, 38), LimbField(14, 19, 40),
        LimbField(19, 20, 42), LimbField(14, 21, 44), LimbField(11, 22, 46),
        LimbField(22, 23, 48), LimbField(11, 24, 50),
    ),
)  # fmt: skip
"""In the order of channels."""

COCO = KeypointLayout(
    18,
    38,
    18,
    (
        LimbField(1, 8, 0), LimbField(8, 9, 2), LimbField(9, 10, 4), LimbField(1, 11, 6),
        LimbField(11, 12, 8), LimbField(12, 13, 10), LimbField(1, 2, 12), LimbField(2, 3, 14),
        LimbField(3, 4, 16), LimbField(2, 16, 18, spare=True), LimbField(1, 5, 20),
        LimbField(5, 6, 22), LimbField(6, 7, 24), LimbField(5, 17, 26, spare=True),
        LimbField(1, 0, 28), LimbField(0, 14, 30), LimbField(0, 15, 32), LimbField(14, 16, 34),
        LimbField(15, 17, 36),
    ),
)  # fmt: skip
"""The older network of 18 points."""
