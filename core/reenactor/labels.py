"""The 22 classes of a parsing, and the five groups of them that describe a person.

Classes 0 to 19 are those of the VIP and CIHP datasets. Classes 20 and 21 are the hands that
the paper draws over the parsing from the hand key points (section 3.1: "2 labels are added to
augment the hand landmarks extracted by OpenPose as labels").
"""

from enum import IntEnum


class Label(IntEnum):
    """One class of a parsing. Left and right are the person's own."""

    BACKGROUND = 0
    HAT = 1
    HAIR = 2
    GLOVES = 3
    SUNGLASSES = 4
    UPPER_CLOTHES = 5
    DRESS = 6
    COAT = 7
    SOCKS = 8
    PANTS = 9
    TORSO_SKIN = 10
    SCARF = 11
    SKIRT = 12
    FACE = 13
    LEFT_ARM = 14
    RIGHT_ARM = 15
    LEFT_LEG = 16
    RIGHT_LEG = 17
    LEFT_SHOE = 18
    RIGHT_SHOE = 19
    LEFT_HAND = 20
    RIGHT_HAND = 21


NUM_LABELS = len(Label)

LABEL_NAMES: tuple[str, ...] = tuple(label.name.lower().replace("_", "-") for label in Label)

MIRRORED: tuple[int, ...] = tuple(
    {14: 15, 15: 14, 16: 17, 17: 16, 18: 19, 19: 18, 20: 21, 21: 20}.get(i, i)
    for i in range(NUM_LABELS)
)
"""`MIRRORED[label]` is the class that `label` becomes when the picture is flipped left to right."""

# The five images t1 to t5 of Eq. 4. The paper names the groups, not their classes: hat and
# sunglasses go with the face, gloves with the skin. A dress is also lower-body clothing where
# the person wears neither pants nor skirt; `l(I, p)` decides that, not this table.
PART_GROUPS: dict[str, tuple[Label, ...]] = {
    "face": (Label.HAT, Label.HAIR, Label.SUNGLASSES, Label.FACE),
    "upper": (Label.UPPER_CLOTHES, Label.DRESS, Label.COAT, Label.SCARF),
    "lower": (Label.PANTS, Label.SKIRT),
    "feet": (Label.SOCKS, Label.LEFT_SHOE, Label.RIGHT_SHOE),
    "skin": (
        Label.GLOVES,
        Label.TORSO_SKIN,
        Label.LEFT_ARM,
        Label.RIGHT_ARM,
        Label.LEFT_LEG,
        Label.RIGHT_LEG,
        Label.LEFT_HAND,
        Label.RIGHT_HAND,
    ),
}

PALETTE: tuple[tuple[int, int, int], ...] = (
    (0, 0, 0),
    (128, 0, 0),
    (255, 0, 0),
    (0, 85, 0),
    (170, 0, 51),
    (255, 85, 0),
    (0, 0, 85),
    (0, 119, 221),
    (85, 85, 0),
    (0, 85, 85),
    (85, 51, 0),
    (52, 86, 128),
    (0, 128, 0),
    (0, 0, 255),
    (51, 170, 221),
    (0, 255, 255),
    (85, 255, 170),
    (170, 255, 85),
    (255, 255, 0),
    (255, 170, 0),
    (255, 85, 170),
    (255, 170, 255),
)
"""RGB colour of each class in pictures and palette PNGs (the LIP/CIHP convention, two added)."""
