"""Cuts the target's silhouette into the puppet's parts by classes and joints."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.ops.silhouette import disc
from reenactor_plugins.puppet.arms import BARE, CLOTHES, along, cut_arms
from reenactor_plugins.puppet.joints import (
    ANKLE,
    HEAD,
    HIP,
    KNEE,
    SHOULDER,
    SIDES,
    TOE,
    PuppetJoints,
)

J = Joint
L = Label
Mask = Bool[np.ndarray, "H W"]

LEG_WIDTHS = (0.10, 0.068, 0.050, 0.055)
"""Half widths of clothed legs in metres: hip, knee, ankle, toes."""
CROTCH = 0.12
"""Distance from mid-hip to the crotch in metres."""
_SEAM = 0.03
"""Width in metres of what sleeve and trunk share."""
_SHOULDER = 0.05
"""Radius of a shoulder in metres, which belongs to arm and trunk."""
_BENT = 0.7
"""Minimum cosine between thigh and trunk for a standing person: 45 degrees."""
_SHORT = 0.2
"""A thigh that appears shorter than this, in metres, points at the camera."""
_NEAR_LEG = 1.2
"""Half widths of a leg within which clothes of a sitting person belong to it."""

_HEAD = (L.HAT, L.HAIR, L.SUNGLASSES, L.FACE)
_LEG = {"left": (L.LEFT_LEG, L.LEFT_SHOE), "right": (L.RIGHT_LEG, L.RIGHT_SHOE)}


@dataclass(frozen=True)
class BodyParts:
    """Masks on the canvas. Limbs are keyed by side; legs include feet. `labels` are cleaned.

    `foreign` and `bare` are those of the arms (see `ArmCut`). `hip` is the half of the
    trousers above the crotch, from which thighs grow.
    """

    head: Mask
    trunk: Mask
    arm: dict[str, Mask]
    foreign: dict[str, Mask]
    bare: dict[str, float]
    leg: dict[str, Mask]
    hip: dict[str, Mask]
    skirted: bool
    labels: UInt8[np.ndarray, "H W"]


def chin(figure: PuppetJoints, face: np.ndarray) -> float:
    """Distance from the middle of the head to the chin, in pixels along the neck."""
    axis = figure[J.NECK] - figure[HEAD]
    length = max(float(np.linalg.norm(axis)), 1e-6)
    if face[8, 2] > 0.3:
        drop = float((face[8, :2] - figure[HEAD]) @ axis / length)
        return float(np.clip(drop, 0.06 * figure.unit, 0.17 * figure.unit))
    return float(np.clip(0.55 * length, 0.08 * figure.unit, 0.13 * figure.unit))


def cut(
    labels: np.ndarray, figure: PuppetJoints, face: np.ndarray, colour: np.ndarray | None = None
) -> BodyParts:
    """Cut the silhouette, by joints where classes are ambiguous (sleeve and trunk, both legs).

    `colour` is the photo on the canvas, 0..255; without it, labels of skin are trusted.
    """
    labels = _cleaned(labels)
    y, x = np.mgrid[: labels.shape[0], : labels.shape[1]].astype(np.float64)
    unit = figure.unit
    spine = figure[J.MID_HIP] - figure[J.NECK]
    spine = spine / max(float(np.linalg.norm(spine)), 1e-6)
    arms = cut_arms(labels, figure, colour)
    arm = {s: _largest(arms[s].own) for s in SIDES}
    below = (x - figure[HEAD][0]) * spine[0] + (y - figure[HEAD][1]) * spine[1]
    neck = (labels == L.FACE) & (below > chin(figure, face))
    head = _largest(np.isin(labels, _HEAD) & ~neck & ~arm["left"] & ~arm["right"], 0.3)
    head &= ~_under_chin(head, labels)
    legs = np.isin(labels, (L.SOCKS, L.PANTS, *_LEG["left"], *_LEG["right"]))
    fits = {s: leg_distance(x, y, figure, s) for s in SIDES}
    bent = _bent(figure)
    skirted = not bent and _skirted(labels, figure)
    hips = (x - figure[J.MID_HIP][0]) * spine[0] + (y - figure[J.MID_HIP][1]) * spine[1]
    lateral = (x - figure[J.MID_HIP][0]) * -spine[1] + (y - figure[J.MID_HIP][1]) * spine[0]
    wedge = np.interp(hips / unit, (0, CROTCH, CROTCH + 1e-3), (0.17, 0.055, 0)) * unit
    upper = (labels == L.PANTS) & ((hips < 0) | (np.abs(lateral) < wedge) | skirted)
    if bent:
        # Thighs may overlap the trunk, and parsers may predict a dress where legs cross.
        near = np.minimum(fits["left"], fits["right"]) < _NEAR_LEG
        legs |= near & np.isin(labels, (L.DRESS, L.SKIRT))
        upper &= ~near
    legs &= ~upper
    leg = {s: legs & _own_leg(labels, fits, s) for s in SIDES}
    trunk = (labels > 0) & ~head & ~legs & ~arm["left"] & ~arm["right"]
    trunk &= ~(arms["left"].beside | arms["right"].beside)
    seam = arms["left"].seam | arms["right"].seam
    trunk |= seam & (cv2.dilate(trunk.astype(np.uint8), disc(max(1, round(_SEAM * unit)))) > 0)
    for side in SIDES:
        # Arms fade into the trunk at the shoulders.
        joint = figure[SHOULDER[side]]
        near = np.hypot(x - joint[0], y - joint[1]) < _SHOULDER * unit
        trunk |= near & np.isin(labels, (*CLOTHES, *BARE))
    foreign = {s: arms[s].foreign for s in SIDES}
    bare = {s: arms[s].bare for s in SIDES}
    hip = {"left": upper & (lateral > 0), "right": upper & (lateral <= 0)}
    return BodyParts(head, _largest(trunk), arm, foreign, bare, leg, hip, skirted, labels)


def _under_chin(head: np.ndarray, labels: np.ndarray) -> Mask:
    """Assign the face's lowest pixels, which contain the collar's colour, to the neck."""
    below = np.zeros_like(head)
    below[:-2] = head[2:]
    under: Mask = (labels == L.FACE) & head & ~below
    return under


def _cleaned(labels: np.ndarray) -> np.ndarray:
    """Remove specks: small islands of each class are merged into their neighbours."""
    votes = np.zeros((*labels.shape, len(L)), np.float32)
    for label in np.unique(labels):
        mask = (labels == label).astype(np.float32)
        votes[..., label] = cv2.GaussianBlur(mask, (0, 0), 1.5)
    smooth: np.ndarray = votes.argmax(-1).astype(np.uint8)
    person = _largest(labels > 0)
    smooth[~person] = 0
    hole = person & (smooth == 0)
    votes[..., 0] = 0
    smooth[hole] = votes[hole].argmax(-1)
    return smooth


def _largest(mask: np.ndarray, share: float = 0.05) -> Mask:
    """Remove islands smaller than a share of the largest one."""
    count, index, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept: Mask = (areas >= share * areas.max())[index] & mask
    return kept


def leg_distance(x: np.ndarray, y: np.ndarray, figure: PuppetJoints, side: str) -> np.ndarray:
    """Distance to the bones of a leg in units of its half width there."""
    nodes = figure.points[[HIP[side], KNEE[side], ANKLE[side], TOE[side]]]
    return along(x, y, nodes, tuple(w * figure.unit for w in LEG_WIDTHS))[0]


def _own_leg(labels: np.ndarray, fits: dict[str, np.ndarray], side: str) -> Mask:
    other = "left" if side == "right" else "right"
    nearer = fits[side] <= fits[other]
    # Trust the class's side unless the joints clearly contradict it.
    mine = np.isin(labels, _LEG[side]) & (fits[side] < 2.5 * fits[other] + 1)
    theirs = np.isin(labels, _LEG[other]) & (fits[other] < 2.5 * fits[side] + 1)
    own: Mask = mine | (nearer & ~theirs)
    return own


def _bent(figure: PuppetJoints) -> bool:
    """Whether the person sits or crouches: a thigh is not aligned with the trunk, or is hidden."""
    spine = figure[J.MID_HIP] - figure[J.NECK]
    for side in SIDES:
        thigh = figure[KNEE[side]] - figure[HIP[side]]
        length, ahead = float(np.linalg.norm(thigh)), float(thigh @ spine)
        if length < _SHORT * figure.unit or ahead < _BENT * length * np.linalg.norm(spine):
            return True
    return False


def _skirted(labels: np.ndarray, figure: PuppetJoints) -> bool:
    """Whether pixels labelled as pants form one tube around both legs (a long skirt)."""
    pants = labels == L.PANTS
    full = 0
    rows = 0
    for share in (0.35, 0.55, 0.75, 0.95):
        ends = (
            [figure[HIP[s]] + share * (figure[KNEE[s]] - figure[HIP[s]]) for s in SIDES]
            if share < 1
            else []
        )
        row = round(float(np.mean([end[1] for end in ends])))
        if not 0 <= row < labels.shape[0] or not pants[row].any():
            continue
        rows += 1
        columns = np.flatnonzero(pants[row])
        width = columns[-1] - columns[0] + 1
        legs = abs(ends[0][0] - ends[1][0]) + 2 * 0.085 * figure.unit
        full += bool(len(columns) > 0.96 * width and width > 1.15 * legs)
    return rows >= 2 and full >= rows - 1
