"""Finds the arms in the parsing: where their sleeves end, and what is cloth of the trunk."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.puppet.joints import (
    ELBOW,
    SHOULDER,
    SIDES,
    TIP,
    WRIST,
    PuppetJoints,
)

J = Joint
L = Label
Mask = Bool[np.ndarray, "H W"]

ARM_WIDTHS = (0.068, 0.056, 0.044, 0.045)
"""Half widths of clothed arms in metres: shoulder, elbow, wrist, hand."""
CLOTHES = (L.UPPER_CLOTHES, L.DRESS, L.COAT, L.TORSO_SKIN, L.SCARF)
SKIN = {"left": (L.LEFT_ARM, L.LEFT_HAND), "right": (L.RIGHT_ARM, L.RIGHT_HAND)}
_BESIDE = (*CLOTHES, L.SKIRT)
BARE = (*SKIN["left"], *SKIN["right"])

_STEP = 0.015
"""Length of a row of an arm in metres, in which skin and cloth are counted."""
_RUN = 4
"""Rows of which most must show skin where a sleeve ends."""
_FEW = 0.3
"""Skin in a row, relative to the arm's half width, below which the row shows none."""
_INNER = (0.8, 1.4)
"""Least and greatest half widths of a sleeve on its inner side."""
_LOOSE = 2.0
"""Half widths within which cloth on the outer side of an arm is its sleeve."""
_UNLIKE = 15.0
"""Difference in hue (a and b of CIELAB) between a face and an arm's label on something else."""
_FACE = 40
"""Pixels of a face that suffice for its colour."""
_SHADED = 0.6
"""Lightness relative to the rest of a hand below which a colour is not its own."""
_DARK = 0.4
"""Lightness of an arm relative to the face below which its label is wrong."""


@dataclass(frozen=True)
class ArmCut:
    """An arm on the canvas.

    `own` is its mask, `foreign` the part of it whose colour is neither a sleeve's nor skin. `seam`
    belongs to sleeve and trunk. `beside` is cloth on the arm's outer side, which is neither. `bare`
    is the distance along the arm from the shoulder at which its skin begins, in pixels; infinite if
    no skin is visible.
    """

    own: Mask
    foreign: Mask
    seam: Mask
    beside: Mask
    bare: float


@dataclass(frozen=True)
class ArmReach:
    """Coordinates of every pixel with respect to an arm.

    `distance` to the bones in units of the arm's half width; `u` along the bones in pixels;
    `outside` of the bones, away from the trunk; `above` the shoulder, where the trunk begins;
    `width` the arm's half width in pixels. `wrist` is the wrist's `u`.
    """

    distance: np.ndarray
    u: np.ndarray
    outside: np.ndarray
    above: np.ndarray
    width: np.ndarray
    wrist: float


def along(
    x: np.ndarray, y: np.ndarray, nodes: np.ndarray, widths: tuple[float, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates with respect to a chain of bones.

    Returns:
        The distance in units of the chain's half width there, the signed distance, and the distance
        along the chain to the nearest point.
    """
    best = np.full(x.shape, np.inf)
    signed, u = np.zeros(x.shape), np.zeros(x.shape)
    start = 0.0
    for a, b, wa, wb in zip(nodes, nodes[1:], widths, widths[1:], strict=False):
        step = b - a
        square = max(float(step @ step), 1e-6)
        length = float(np.sqrt(square))
        t = np.clip(((x - a[0]) * step[0] + (y - a[1]) * step[1]) / square, 0, 1)
        px, py = x - a[0] - t * step[0], y - a[1] - t * step[1]
        distance = np.hypot(px, py) / (wa + (wb - wa) * t)
        nearer = distance < best
        best = np.where(nearer, distance, best)
        cross = (step[0] * (y - a[1]) - step[1] * (x - a[0])) / length
        signed = np.where(nearer, cross, signed)
        u = np.where(nearer, start + t * length, u)
        start += length
    return best, signed, u


def cut_arms(
    labels: UInt8[np.ndarray, "H W"],
    figure: PuppetJoints,
    colour: Float32[np.ndarray, "H W 3"] | None = None,
) -> dict[str, ArmCut]:
    """Cut out both arms.

    Where an arm's skin begins, its sleeve ends: cloth beside the forearm of a bare arm, or where
    the arm is behind the back, is the trunk's.

    Args:
        labels: the parsing.
        figure: the joints.
        colour: the photo, 0..255; without it, labels of skin are trusted.
    """
    y, x = np.mgrid[: labels.shape[0], : labels.shape[1]].astype(np.float64)
    reach = {side: arm_reach(x, y, figure, side) for side in SIDES}
    lab = _lab(np.zeros((*labels.shape, 3)) if colour is None else colour)
    wrong = _not_skin(labels, lab) & (colour is not None)
    seen = {
        side: _seen(labels, reach[side], reach[other], wrong, side)
        for side, other in zip(SIDES, SIDES[::-1], strict=True)
    }
    bare = {
        side: _bare_from(skin & ~wrong, cloth, reach[side], figure.unit)
        for side, (skin, cloth) in seen.items()
    }
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        if not np.isfinite(bare[side]):
            # Sleeves are equally long.
            bare[side] = bare[other] / reach[other].wrist * reach[side].wrist
    return {
        side: _cut_arm(
            labels,
            *seen[side],
            (wrong, lab),
            reach[side],
            bare[side],
            _hanging(figure, side),
        )
        for side in SIDES
    }


def arm_reach(x: np.ndarray, y: np.ndarray, figure: PuppetJoints, side: str) -> ArmReach:
    """Coordinates of pixels with respect to an arm."""
    nodes = figure.points[[SHOULDER[side], ELBOW[side], WRIST[side], TIP[side]]]
    widths = tuple(w * figure.unit for w in ARM_WIDTHS)
    distance, signed, u = along(x, y, nodes, widths)
    upper = nodes[1] - nodes[0]
    middle = (figure[J.NECK] + figure[J.MID_HIP]) / 2
    inward = upper[0] * (middle[1] - nodes[0][1]) - upper[1] * (middle[0] - nodes[0][0])
    outside = signed * np.sign(inward) < 0
    # The trunk starts above shoulder height.
    spine = figure[J.MID_HIP] - figure[J.NECK]
    length = max(float(np.linalg.norm(spine)), 1e-6)
    over = ((x - nodes[0][0]) * spine[0] + (y - nodes[0][1]) * spine[1]) / length
    start = ((x - nodes[0][0]) * upper[0] + (y - nodes[0][1]) * upper[1]) < 0
    marks = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(nodes, axis=0), axis=1))])
    width = np.interp(u, marks, widths)
    above = start & (over < 0.02 * figure.unit)
    return ArmReach(distance, u, outside, above, width, float(marks[2]))


def _lab(colour: np.ndarray) -> np.ndarray:
    """CIELAB of a slightly blurred picture."""
    blurred = cv2.GaussianBlur(colour.astype(np.float32), (0, 0), 1.5)
    return np.asarray(cv2.cvtColor(blurred / 255, cv2.COLOR_RGB2LAB))


def _not_skin(labels: np.ndarray, lab: np.ndarray) -> Mask:
    """Pixels labelled as arms whose colour is far from the face's."""
    arms, face = np.isin(labels, BARE), labels == L.FACE
    if face.sum() < _FACE or not arms.any():
        return np.zeros(labels.shape, bool)
    skin = np.median(lab[face], axis=0)
    unlike = np.hypot(*(lab[..., 1:] - skin[1:]).transpose(2, 0, 1)) > _UNLIKE
    wrong: Mask = arms & (unlike | (lab[..., 0] < _DARK * skin[0]))
    return wrong


def _foreign(skin: Mask, wrong: Mask, lab: np.ndarray, hand: Mask) -> Mask:
    """Colours unlike face and arm, and what is much darker than the rest of the hand."""
    own = np.median(lab[skin], axis=0) if skin.any() else np.zeros(3)
    unlike = np.hypot(*(lab[..., 1:] - own[1:]).transpose(2, 0, 1)) > _UNLIKE
    right = skin & hand & ~wrong
    dark = _SHADED * float(np.median(lab[right, 0])) if right.any() else -np.inf
    foreign: Mask = skin & ((wrong & unlike) | (hand & (lab[..., 0] < dark)))
    return foreign


def _seen(
    labels: np.ndarray, reach: ArmReach, other: ArmReach, wrong: np.ndarray, side: str
) -> tuple[Mask, Mask]:
    """Skin of an arm, and cloth that may be its sleeve."""
    nearer = reach.distance <= other.distance
    skin = np.isin(labels, SKIN[side]) & (reach.distance < 4)
    skin |= np.isin(labels, (*BARE, L.GLOVES)) & nearer & (reach.distance < 1.6)
    cloth = (np.isin(labels, _BESIDE) | wrong) & nearer
    return skin & ~reach.above, cloth & ~reach.above


def _cut_arm(
    labels: np.ndarray,
    skin: Mask,
    cloth: Mask,
    colours: tuple[Mask, np.ndarray],
    reach: ArmReach,
    bare: float,
    hanging: bool,
) -> ArmCut:
    distance, outside = reach.distance, reach.outside
    sleeve = (cloth & (labels != L.SKIRT)) & (reach.u < bare)
    inner = _thickness(sleeve, reach)
    own = sleeve & (distance < np.where(outside, _LOOSE, inner))
    seam = sleeve & ~outside & (distance > inner - 0.4) & (distance < inner)
    within = (reach.u > 0) & (reach.u < reach.wrist) if hanging else np.zeros_like(skin)
    beside = cloth & outside & within & ~own & ~skin
    foreign = _foreign(skin & (reach.u >= bare), *colours, reach.u > reach.wrist)
    return ArmCut(skin | own, foreign, seam, beside, bare)


def _thickness(sleeve: Mask, reach: ArmReach) -> float:
    """Half widths of a sleeve on its inner side: as on the outer one, where it ends at the air."""
    outer = sleeve & reach.outside & (reach.distance < _LOOSE)
    if not outer.any():
        return 1.0
    length = max(float(np.ptp(reach.u[outer])), 1)
    return float(np.clip(outer.sum() / length / reach.width[outer].mean(), *_INNER))


def _bare_from(skin: Mask, cloth: Mask, reach: ArmReach, unit: float) -> float:
    """Where the skin begins: the first rows in which it outweighs cloth on the outer side.

    Cloth on the inner side may be the trunk's and says nothing.
    """
    step = _STEP * unit
    near = reach.outside & (reach.distance < 1)
    row = (reach.u / step).astype(np.intp)
    count = int(row.max()) + 1
    width = np.bincount(row.ravel(), reach.width.ravel(), count) / np.maximum(
        np.bincount(row.ravel(), minlength=count), 1
    )
    shown = np.bincount(row[skin], minlength=count) / step
    hidden = np.bincount(row[near & cloth], minlength=count) / step
    bare = (shown > _FEW * width) & (shown > hidden)
    votes = np.convolve(np.append(bare, np.full(_RUN - 1, bare[-1])), np.ones(_RUN), "valid")
    begins = np.flatnonzero(bare & (votes > _RUN / 2))
    return float(begins[0] * step) if len(begins) else np.inf


def _hanging(figure: PuppetJoints, side: str) -> bool:
    """Whether the arm hangs at the trunk's side, so that nothing of the trunk is beyond it."""
    spine = figure[J.MID_HIP] - figure[J.NECK]
    spine = spine / max(float(np.linalg.norm(spine)), 1e-6)
    way = figure[SHOULDER[side]] - figure[J.NECK]
    out = np.array([-spine[1], spine[0]])
    out = out * np.sign(float(way @ out) or 1.0)
    least = 0.6 * float(way @ out)
    return all(float((figure[j[side]] - figure[J.NECK]) @ out) > least for j in (ELBOW, WRIST))
