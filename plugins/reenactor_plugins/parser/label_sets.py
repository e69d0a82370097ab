"""Maps the classes of datasets to ours. Imports no torch, so that options are checked quickly.

A label set is the meaning of each channel of a network. Some datasets do not distinguish left from
right: `arms`, `legs` and `shoes` are assigned to the side with the nearer bones.
"""

from typing import Literal, get_args

from pydantic import Field

from reenactor.labels import LABEL_NAMES, MIRRORED, Label
from reenactor.options import Options

LabelName = Literal[
    "background", "hat", "hair", "gloves", "sunglasses", "upper-clothes", "dress", "coat",
    "socks", "pants", "torso-skin", "scarf", "skirt", "face", "left-arm", "right-arm",
    "left-leg", "right-leg", "left-shoe", "right-shoe", "left-hand", "right-hand",
    "arms", "legs", "shoes",
]  # fmt: skip
"""Our classes by name, and three without a side."""

NUMBERS: dict[str, int] = {name: number for number, name in enumerate(get_args(LabelName))}
"""Class numbers by name; classes without a side come last."""

SIDES: dict[int, tuple[Label, Label]] = {
    NUMBERS["arms"]: (Label.LEFT_ARM, Label.RIGHT_ARM),
    NUMBERS["legs"]: (Label.LEFT_LEG, Label.RIGHT_LEG),
    NUMBERS["shoes"]: (Label.LEFT_SHOE, Label.RIGHT_SHOE),
}
"""Left and right class of each class without a side."""

Dataset = Literal["cihp", "lip", "atr", "pascal"]

_CIHP = tuple(LABEL_NAMES[:20])
SETS: dict[Dataset, tuple[str, ...]] = {
    "cihp": _CIHP,
    # As CIHP, but 10 is a jumpsuit: like a dress, one piece above and below.
    "lip": tuple("dress" if name == "torso-skin" else name for name in _CIHP),
    "atr": (
        "background", "hat", "hair", "sunglasses", "upper-clothes", "skirt", "pants", "dress",
        "pants", "left-shoe", "right-shoe", "face", "left-leg", "right-leg", "left-arm",
        "right-arm", "background", "scarf",
    ),
    # Head, torso, upper and lower arms, upper and lower legs: bodies without clothes.
    "pascal": ("background", "face", "upper-clothes", "arms", "arms", "legs", "legs"),
}  # fmt: skip
"""Classes of each dataset, in order (in ATR 8 is a belt and 16 a bag)."""


class LabelOptions(Options):
    """Options for the meaning of a network's channels. Abstract."""

    classes: Dataset = Field(
        "cihp",
        description="The dataset whose classes the network was trained on. CIHP's (and VIP's) are "
        "this program's own; LIP has no `torso-skin` (its class 10 is jumpsuits), ATR neither, "
        "and Pascal-Person-Part has no clothes.",
    )
    label_map: tuple[LabelName, ...] | None = Field(
        None,
        min_length=2,
        description="The class of each of the network's channels, in their order, instead of "
        "`classes`. `arms`, `legs` and `shoes` are given to the nearer side of the skeleton.",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The class of each channel."""
        return self.label_map or SETS[self.classes]


def numbers_of(names: tuple[str, ...]) -> tuple[int, ...]:
    """The number of each channel's class, in `NUMBERS`."""
    return tuple(NUMBERS[name] for name in names)


def mirrored_channels(names: tuple[str, ...]) -> tuple[int, ...]:
    """The channel that each channel becomes when the picture is flipped horizontally.

    If several channels have the same class (such as upper and lower arm), they are paired in
    order. A channel without a partner maps to itself.
    """
    numbers = numbers_of(names)

    def places(number: int) -> list[int]:
        return [channel for channel, found in enumerate(numbers) if found == number]

    result = list(range(len(names)))
    for channel, number in enumerate(numbers):
        other = MIRRORED[number] if number < len(MIRRORED) else number
        partners = places(other)
        rank = places(number).index(channel)
        if rank < len(partners):
            result[channel] = partners[rank]
    return tuple(result)
