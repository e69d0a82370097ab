"""Maps the 58 classes of MHPv2 to ours."""

import numpy as np
from jaxtyping import UInt8

from reenactor.labels import Label
from reenactor_plugins.datasets.gaps import GAP, filled

_L = Label

CLASSES: tuple[tuple[str, int], ...] = (
    ("background", _L.BACKGROUND),
    ("cap/hat", _L.HAT),
    ("helmet", _L.HAT),
    ("face", _L.FACE),
    ("hair", _L.HAIR),
    ("left-arm", _L.LEFT_ARM),
    ("right-arm", _L.RIGHT_ARM),
    ("left-hand", _L.LEFT_HAND),
    ("right-hand", _L.RIGHT_HAND),
    ("protector", GAP),
    ("bikini/bra", _L.UPPER_CLOTHES),
    ("jacket/windbreaker/hoodie", _L.COAT),
    ("t-shirt", _L.UPPER_CLOTHES),
    ("polo-shirt", _L.UPPER_CLOTHES),
    ("sweater", _L.UPPER_CLOTHES),
    ("singlet", _L.UPPER_CLOTHES),
    ("torso-skin", _L.TORSO_SKIN),
    ("pants", _L.PANTS),
    ("shorts/swim-shorts", _L.PANTS),
    ("skirt", _L.SKIRT),
    ("stockings", _L.SOCKS),
    ("socks", _L.SOCKS),
    ("left-boot", _L.LEFT_SHOE),
    ("right-boot", _L.RIGHT_SHOE),
    ("left-shoe", _L.LEFT_SHOE),
    ("right-shoe", _L.RIGHT_SHOE),
    ("left-highheel", _L.LEFT_SHOE),
    ("right-highheel", _L.RIGHT_SHOE),
    ("left-sandal", _L.LEFT_SHOE),
    ("right-sandal", _L.RIGHT_SHOE),
    ("left-leg", _L.LEFT_LEG),
    ("right-leg", _L.RIGHT_LEG),
    ("left-foot", _L.LEFT_LEG),
    ("right-foot", _L.RIGHT_LEG),
    ("coat", _L.COAT),
    ("dress", _L.DRESS),
    ("robe", _L.DRESS),
    ("jumpsuit", _L.DRESS),
    ("other-full-body-clothes", _L.DRESS),
    ("headwear", _L.HAT),
    ("backpack", _L.BACKGROUND),
    ("ball", _L.BACKGROUND),
    ("bats", _L.BACKGROUND),
    ("belt", GAP),
    ("bottle", _L.BACKGROUND),
    ("carrybag", _L.BACKGROUND),
    ("cases", _L.BACKGROUND),
    ("sunglasses", _L.SUNGLASSES),
    ("eyewear", _L.SUNGLASSES),
    ("glove", _L.GLOVES),
    ("scarf", _L.SCARF),
    ("umbrella", _L.BACKGROUND),
    ("wallet/purse", _L.BACKGROUND),
    ("watch", GAP),
    ("wristband", GAP),
    ("tie", _L.UPPER_CLOTHES),
    ("other-accessary", GAP),
    ("other-upper-body-clothes", _L.UPPER_CLOTHES),
    ("other-lower-body-clothes", _L.PANTS),
)
"""Name and label of each class by number, with the dataset's spelling.

Bare feet belong to the legs, as in CIHP; hands keep their own labels. Things worn on other things,
such as a belt or a watch, get the nearest label; carried things are background.
"""


def labels_of(classes: UInt8[np.ndarray, "H W"]) -> UInt8[np.ndarray, "H W"]:
    """Convert one person's classes to labels; numbers above 58 become background."""
    table = np.full(256, Label.BACKGROUND, np.uint8)
    table[: len(CLASSES)] = [label for _, label in CLASSES]
    labels: UInt8[np.ndarray, "H W"] = table[classes]
    return filled(labels)
