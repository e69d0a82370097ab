"""Which maps a body network gives, and which limbs its fields connect.

Points, limbs and channels are those of OpenPose's `poseParameters.cpp`. A limb's field has two
channels, x and y of the direction from its first point to its second.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limb:
    """Two points and the first of the field's two channels.

    `spare` limbs (ear to shoulder) run across others; they only add what the others left.
    """

    first: int
    second: int
    channel: int
    spare: bool = False


@dataclass(frozen=True)
class Layout:
    """`points` heat maps and one of the background; `fields` channels of part affinity fields.

    `trunk` is how many of the points count for whether somebody is a person: the feet do not, for
    a network often sees the same foot twice.
    """

    points: int
    fields: int
    trunk: int
    limbs: tuple[Limb, ...]


BODY_25 = Layout(
    25,
    52,
    19,
    (
        Limb(1, 8, 0), Limb(9, 10, 2), Limb(10, 11, 4), Limb(8, 9, 6), Limb(8, 12, 8),
        Limb(12, 13, 10), Limb(13, 14, 12), Limb(1, 2, 14), Limb(2, 3, 16), Limb(3, 4, 18),
        Limb(2, 17, 20, spare=True), Limb(1, 5, 22), Limb(5, 6, 24), Limb(6, 7, 26),
        Limb(5, 18, 28, spare=True), Limb(1, 0, 30), Limb(0, 15, 32), Limb(0, 16, 34),
        Limb(15, 17, 36), Limb(16, 18, 38), Limb(14, 19, 40), Limb(19, 20, 42), Limb(14, 21, 44),
        Limb(11, 22, 46), Limb(22, 23, 48), Limb(11, 24, 50),
    ),
)  # fmt: skip
"""In the order of channels."""

COCO = Layout(
    18,
    38,
    18,
    (
        Limb(1, 8, 0), Limb(8, 9, 2), Limb(9, 10, 4), Limb(1, 11, 6), Limb(11, 12, 8),
        Limb(12, 13, 10), Limb(1, 2, 12), Limb(2, 3, 14), Limb(3, 4, 16),
        Limb(2, 16, 18, spare=True), Limb(1, 5, 20), Limb(5, 6, 22), Limb(6, 7, 24),
        Limb(5, 17, 26, spare=True), Limb(1, 0, 28), Limb(0, 14, 30), Limb(0, 15, 32),
        Limb(14, 16, 34), Limb(15, 17, 36),
    ),
)  # fmt: skip
"""The older network of 18 points."""
