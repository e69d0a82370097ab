"""Maps the 59 classes of Clothing Co-Parsing to LIP's 20 and bags.

Skin and shoes have no side there and are assigned to the nearest bone.
"""

from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor_plugins.networks.mediapipe.landmark import Landmark

L = Landmark
IGNORED = 255
"""Pixels without a class: belts, accessories."""
BAG = 20

CLASSES: dict[int, tuple[str, ...]] = {
    0: ("null",),
    1: ("hat",),
    2: ("hair",),
    3: ("gloves",),
    4: ("sunglasses", "glasses"),
    5: (
        "blouse", "shirt", "t-shirt", "top", "sweater", "sweatshirt", "hoodie", "jumper",
        "vest", "bra", "intimate", "tie",
    ),
    6: ("dress",),
    7: ("coat", "blazer", "jacket", "cardigan", "cape"),
    8: ("socks", "stockings", "tights"),
    9: ("pants", "jeans", "leggings", "shorts", "panties"),
    10: ("romper", "bodysuit", "swimwear"),
    11: ("scarf",),
    12: ("skirt",),
    BAG: ("bag", "purse", "wallet"),
    IGNORED: ("accessories", "belt"),
}  # fmt: skip
"""Class by name. The three groups below also depend on position."""
SKIN = ("skin", "bracelet", "ring", "watch", "necklace", "earrings")
SHOES = (
    "boots", "clogs", "flats", "heels", "loafers", "pumps", "sandals", "shoes", "sneakers",
    "wedges",
)  # fmt: skip
SUITS = ("suit",)

COAT, PANTS, FACE = 7, 9, 13
ARMS, LEGS, FEET = (14, 15), (16, 17), (18, 19)
CROTCH = 0.25
"""End of a suit's jacket, as a share of the way from hips to knees."""

_ARM = (
    (L.L_SHOULDER, L.L_ELBOW, L.L_WRIST, L.L_INDEX),
    (L.R_SHOULDER, L.R_ELBOW, L.R_WRIST, L.R_INDEX),
)
_LEG = ((L.L_HIP, L.L_KNEE, L.L_ANKLE, L.L_TOE), (L.R_HIP, L.R_KNEE, L.R_ANKLE, L.R_TOE))
_FOOT = ((L.L_KNEE, L.L_ANKLE, L.L_HEEL, L.L_TOE), (L.R_KNEE, L.R_ANKLE, L.R_HEEL, L.R_TOE))

Points = Float[np.ndarray, "33 2"]
Bone = tuple[np.ndarray, np.ndarray]


def learnt_classes(
    truth: UInt8[np.ndarray, "H W"], names: tuple[str, ...], points: Points
) -> UInt8[np.ndarray, "H W"]:
    """The 20 classes of LIP, `BAG`, and `IGNORED`.

    Args:
        truth: class numbers, indices of `names`.
        names: names of the 59 classes.
        points: the person's landmarks in pixels of the photo.
    """
    table = np.full(256, IGNORED, np.uint8)
    for label, kinds in CLASSES.items():
        for kind in kinds:
            if kind in names:
                table[names.index(kind)] = label
    result: UInt8[np.ndarray, "H W"] = table[truth]

    def where(kinds: tuple[str, ...]) -> Bool[np.ndarray, "H W"]:
        return np.isin(truth, [names.index(kind) for kind in kinds if kind in names])

    _give_to_nearest(result, where(SKIN), _skin_bones(points))
    feet = {FEET[side]: _chain(points, _FOOT[side], start=0.6) for side in range(2)}
    _give_to_nearest(result, where(SHOES), feet)
    suit = where(SUITS)
    hips, knees = (
        points[list(pair), 1].mean() for pair in ((L.L_HIP, L.R_HIP), (L.L_KNEE, L.R_KNEE))
    )
    above = np.arange(len(truth))[:, None] < hips + CROTCH * (knees - hips)
    result[suit] = np.where(above, COAT, PANTS).repeat(truth.shape[1], 1)[suit]
    return result


def _skin_bones(points: Points) -> dict[int, list[Bone]]:
    """Bones by class of skin; the face's extend to the breastbone."""
    shoulders = points[[L.L_SHOULDER, L.R_SHOULDER]].mean(0)
    hips = points[[L.L_HIP, L.R_HIP]].mean(0)
    head = points[[L.NOSE, L.L_EAR, L.R_EAR]].mean(0)
    bones = {FACE: [(head, shoulders), (shoulders, shoulders + 0.25 * (hips - shoulders))]}
    for side in range(2):
        bones[ARMS[side]] = _chain(points, _ARM[side], start=0.15, reach=1.7)
        bones[LEGS[side]] = _chain(points, _LEG[side], start=0.1)
    return bones


def _chain(
    points: Points, joints: tuple[Landmark, ...], start: float, reach: float = 1.0
) -> list[Bone]:
    """The bones of a limb; the first starts a little further down, the last is extended."""
    nodes = points[list(joints)].copy()
    nodes[0] += start * (nodes[1] - nodes[0])
    nodes[-1] = nodes[-2] + reach * (nodes[-1] - nodes[-2])
    return list(pairwise(nodes))


def _give_to_nearest(
    labels: UInt8[np.ndarray, "H W"], mask: Bool[np.ndarray, "H W"], bones: dict[int, list[Bone]]
) -> None:
    """Label the pixels of a mask by the nearest bone, in place."""
    y, x = np.nonzero(mask)
    if not y.size:
        return
    here = np.stack([x, y], 1).astype(np.float64)
    distances = [np.min([_distance(here, *bone) for bone in limb], 0) for limb in bones.values()]
    labels[y, x] = np.array(list(bones), np.uint8)[np.argmin(distances, 0)]


def _distance(here: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    bone = end - start
    share = np.clip((here - start) @ bone / max(float(bone @ bone), 1e-6), 0, 1)
    result: np.ndarray = np.hypot(*(here - start - share[:, None] * bone).T)
    return result
