"""Cuts the target's limbs into strips; hidden ones are copied from the other side."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.puppet.arms import ARM_WIDTHS, BARE, CLOTHES
from reenactor_plugins.puppet.completion import beside, hair
from reenactor_plugins.puppet.cut import LEG_WIDTHS, BodyParts
from reenactor_plugins.puppet.foot import Foot, cut_foot
from reenactor_plugins.puppet.joints import (
    ANKLE,
    ELBOW,
    HIP,
    KNEE,
    SHOULDER,
    SIDES,
    TIP,
    WRIST,
    PuppetJoints,
)
from reenactor_plugins.puppet.photo import TargetPhoto
from reenactor_plugins.puppet.strip import Strip
from reenactor_plugins.puppet.strip_cut import cut_strip
from reenactor_plugins.puppet.strip_fill import Stuff

_ARM = {"left": Label.LEFT_ARM, "right": Label.RIGHT_ARM}
_SKIN = (*BARE, Label.GLOVES)
_FEW = 40
"""Pixels that suffice for the colour of cloth or skin."""
_PATCH = 0.008
"""Visible skin of the arms, in square metres, that is better than the face's."""
_SLEEVELESS = 0.05
"""An arm whose skin begins nearer to the shoulder than this, in metres, has no sleeve."""
ENOUGH = 0.6
"""A strip with a visible share below this is replaced by the other side's."""
_SHORT = 0.45
"""A limb that appears shorter than this share of its length points at the camera."""
_UPPER_ARM, _FOREARM, _THIGH, _SHIN = 0.27, 0.24, 0.41, 0.40
"""Lengths of limbs in metres."""
_WHOLE = 0.85
"""A foot with a visible share below this is replaced by the other one, if that is better."""


@dataclass(frozen=True)
class Limb:
    """An arm (upper arm; forearm with hand) or a leg (thigh; shin), and a leg's foot."""

    upper: Strip | None
    lower: Strip | None
    foot: Foot | None = None


def cut_limbs(
    photo: TargetPhoto,
    parts: BodyParts,
    figure: PuppetJoints,
    feet: np.ndarray,
    edge: float,
    complete: bool,
) -> tuple[dict[str, Limb], dict[str, Limb]]:
    """Cut arms and legs, by side. `feet` are the turns of the feet in the photo."""
    arms = {side: _arm(photo, parts, figure, side, edge) for side in SIDES}
    legs = {
        side: _leg(photo, parts, figure, side, float(feet[i]), edge) for i, side in enumerate(SIDES)
    }
    if complete:
        arms = _completed(arms)
        legs = _completed(legs)
    return arms, legs


def _widths(widths: tuple[float, ...], unit: float) -> tuple[float, ...]:
    return tuple(width * unit for width in widths)


def _arm(
    photo: TargetPhoto, parts: BodyParts, figure: PuppetJoints, side: str, edge: float
) -> Limb:
    own = parts.arm[side]
    unit = figure.unit
    widths = _widths(ARM_WIDTHS, unit)
    upper = figure.points[[SHOULDER[side], ELBOW[side]]]
    lower = figure.points[[ELBOW[side], WRIST[side], TIP[side]]]
    length = float(np.linalg.norm(upper[1] - upper[0]))
    bare = parts.bare[side]
    # Hands are always bare, whatever hides them.
    hand = length + float(np.linalg.norm(lower[1] - lower[0]))
    thumb = 1 if side == "left" else -1
    bordering = beside(np.isin(parts.labels, CLOTHES), unit / 2) & np.isin(parts.labels, BARE)
    dirty = parts.foreign[side] | beside(hair(parts), unit) | bordering
    cloth, skin = _cloth(photo, parts, own, unit), _skin(photo, parts, unit)
    shoulder = own | (parts.trunk & (parts.labels != Label.FACE))
    if bare < _SLEEVELESS * unit:
        shoulder, bare = own, -np.inf
    stuff = Stuff(cloth, skin, _ARM[side], bare)
    above = cut_strip(photo, own, shoulder, dirty, upper, widths[:2], edge, stuff, (0.75, 0.65))
    stuff = Stuff(cloth, skin, _ARM[side], min(bare, hand) - length, thumb)
    bared = _hand_bared(parts, figure, side)
    below = cut_strip(photo, bared, own, dirty, lower, widths[1:], edge, stuff, (0.65, 0.65))
    return Limb(_shortened(above, _UPPER_ARM * unit), _shortened(below, _FOREARM * unit))


def _skin(photo: TargetPhoto, parts: BodyParts, unit: float) -> np.ndarray:
    """Skin colour: of the arms and hands if bare, else of the face."""
    for bare, least in ((BARE, max(_FEW, _PATCH * unit**2)), ((Label.FACE,), _FEW), (BARE, _FEW)):
        mask = np.isin(parts.labels, bare)
        if mask.sum() >= least:
            return _median(photo, mask)
    return np.array([150.0, 115.0, 95.0])


def _cloth(photo: TargetPhoto, parts: BodyParts, own: np.ndarray, unit: float) -> np.ndarray:
    """The colour of an arm's sleeve, else of the upper clothes."""
    for where in (own, parts.trunk):
        mask = where & np.isin(parts.labels, CLOTHES)
        if mask.sum() >= _FEW:
            return _median(photo, mask)
    return _skin(photo, parts, unit)


def _median(photo: TargetPhoto, mask: np.ndarray) -> np.ndarray:
    """Median colour of a mask, away from its edge if it is large enough."""
    core = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    y, x = np.nonzero(core if core.sum() >= 20 else mask)
    middle: np.ndarray = np.median(photo.colours_at(x[None], y[None])[0], axis=0)
    return middle


def _hand_bared(parts: BodyParts, figure: PuppetJoints, side: str) -> np.ndarray:
    """Remove everything beyond the wrist that is not skin, such as wide sleeves and bags."""
    own = parts.arm[side]
    wrist, hand = figure[WRIST[side]], figure[TIP[side]] - figure[WRIST[side]]
    y, x = np.mgrid[: own.shape[0], : own.shape[1]]
    beyond = (x - wrist[0]) * hand[0] + (y - wrist[1]) * hand[1] > 0.1 * float(hand @ hand)
    bared: np.ndarray = own & (~beyond | np.isin(parts.labels, _SKIN))
    return bared


def _leg(
    photo: TargetPhoto, parts: BodyParts, figure: PuppetJoints, side: str, turn: float, edge: float
) -> Limb:
    own = parts.leg[side]
    unit = figure.unit
    widths = _widths(LEG_WIDTHS, figure.unit)
    hip = own | parts.hip[side]
    upper = figure.points[[HIP[side], KNEE[side]]]
    lower = figure.points[[KNEE[side], ANKLE[side]]]
    colour = _median(photo, own) if own.sum() > 50 else _skin(photo, parts, unit)
    stuff, clean = Stuff(colour, colour), np.zeros_like(own)
    shin = cut_strip(photo, own, own, clean, lower, widths[1:3], edge, stuff, fades=(0.3, 0.9))
    foot = cut_foot(photo, own, parts.labels, figure, side, turn, edge)
    middle = float(np.linalg.norm(figure[HIP[side]] - figure[Joint.MID_HIP]))
    inner = middle if side == "left" else -middle
    thigh = cut_strip(
        photo, hip, hip, clean, upper, widths[:2], edge, stuff, (0.6, 0.8), inner, fades=None
    )
    return Limb(
        _shortened(thigh, _THIGH * figure.unit),
        _shortened(shin, _SHIN * figure.unit),
        foot if shin is not None else None,
    )


def _other(side: str) -> str:
    return "left" if side == "right" else "right"


def _shortened(strip: Strip | None, usual: float) -> Strip | None:
    """Reduce the visible share of a limb that points at the camera."""
    if strip is None:
        return None
    return replace(strip, share=strip.share * min(strip.marks[1] / (_SHORT * usual), 1.0))


def _completed(limbs: dict[str, Limb]) -> dict[str, Limb]:
    """Replace limbs that are mostly hidden by the mirrored limb of the other side."""
    out = {}
    for side in SIDES:
        own, twin = limbs[side], limbs[_other(side)]
        foot = own.foot
        worse = foot is None or foot.share < min(_WHOLE, twin.foot.share if twin.foot else 0)
        if worse and own.lower is not None and twin.foot is not None:
            foot = twin.foot.mirrored()
        out[side] = Limb(_better(own.upper, twin.upper), _better(own.lower, twin.lower), foot)
    return out


def _better(own: Strip | None, twin: Strip | None) -> Strip | None:
    if own is None or twin is None or own.share >= ENOUGH or twin.share <= own.share + 0.15:
        return own
    return twin.mirrored()
