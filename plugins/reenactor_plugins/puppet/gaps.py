"""Finds background that a parser includes in the person: between arms and trunk, between legs."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.puppet.arms import arm_reach
from reenactor_plugins.puppet.cut import leg_distance
from reenactor_plugins.puppet.joints import ANKLE, SIDES, PuppetJoints

L = Label

_SURE = 0.45
"""Half widths around a limb's bones that are the limb for certain."""
_WITHIN = 2.6
"""Half widths around the bones within which gaps are looked for."""
_AROUND = 3.5
"""Half widths around the bones from which colours are learnt."""
_THICK = 0.7
"""The same for legs."""
_FEET = 0.1
"""Height of feet and ankles in metres."""
_ROUNDS = 2
_LEAST = 200
"""Pixels of person and of background that suffice for learning their colours."""
_LEGS = (L.PANTS, L.LEFT_LEG, L.RIGHT_LEG, L.SOCKS)


@dataclass(frozen=True)
class _Limb:
    """Distance to a limb's bones in half widths, and where a gap may be."""

    distance: np.ndarray
    zone: Bool[np.ndarray, "H W"]


def without_gaps(
    labels: UInt8[np.ndarray, "H W"], colour: UInt8[np.ndarray, "H W 3"], figure: PuppetJoints
) -> UInt8[np.ndarray, "H W"]:
    """Remove background beside limbs from a parsing.

    Rother, Kolmogorov and Blake, "GrabCut", 2004, around each limb: bones and trunk are the person,
    what the parser calls background is background, and between them colours decide.
    """
    y, x = np.mgrid[: labels.shape[0], : labels.shape[1]].astype(np.float64)
    out = labels.copy()
    for limb in _limbs(labels, x, y, figure):
        out[_background(labels, colour, limb)] = 0
    return out


def _limbs(labels: np.ndarray, x: np.ndarray, y: np.ndarray, figure: PuppetJoints) -> list[_Limb]:
    limbs = []
    for side in SIDES:
        reach = arm_reach(x, y, figure, side)
        inner = ~reach.outside & ~reach.above & (reach.u > 0.05 * figure.unit)
        limbs.append(_Limb(reach.distance, inner))
    legs = np.minimum(*(leg_distance(x, y, figure, side) for side in SIDES))
    # Feet and ankles are thin, and their joints are inexact.
    feet = min(figure[ANKLE[side]][1] for side in SIDES) - _FEET * figure.unit
    between = (y > figure[Joint.MID_HIP][1]) & (y < feet) & (legs > _THICK)
    return [*limbs, _Limb(legs, between & np.isin(labels, _LEGS))]


def _background(labels: np.ndarray, colour: np.ndarray, limb: _Limb) -> Bool[np.ndarray, "H W"]:
    """Where the background shows beside a limb."""
    found = np.zeros(labels.shape, bool)
    near = limb.distance < _AROUND
    if not near.any():
        return found
    ys, xs = (np.flatnonzero(near.any(axis)) for axis in (1, 0))
    box = slice(ys[0], ys[-1] + 1), slice(xs[0], xs[-1] + 1)
    person = labels[box] > 0
    distance = limb.distance[box]
    zone = person & limb.zone[box] & (distance > _SURE) & (distance < _WITHIN)
    away = cv2.distanceTransform((~person).astype(np.uint8), cv2.DIST_L2, 3)
    trimap = np.full(person.shape, cv2.GC_PR_BGD, np.uint8)
    trimap[person] = cv2.GC_FGD
    trimap[zone] = cv2.GC_PR_FGD
    trimap[away > 1.5] = cv2.GC_BGD  # colours at the outline are mixed
    least = min((trimap == kind).sum() for kind in (cv2.GC_BGD, cv2.GC_FGD))
    if least < _LEAST or not zone.any():
        return found
    cv2.setRNGSeed(0)  # GrabCut starts from random clusters
    models = np.zeros((1, 65)), np.zeros((1, 65))
    crop = np.ascontiguousarray(colour[box])
    cv2.grabCut(crop, trimap, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found[box] = zone & np.isin(trimap, (cv2.GC_BGD, cv2.GC_PR_BGD))
    return found
