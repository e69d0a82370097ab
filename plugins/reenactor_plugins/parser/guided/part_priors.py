"""Spatial priors of body parts, from the bones."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from reenactor.joints import Joint
from reenactor_plugins.parser.guided.body_geometry import (
    ARMS,
    LEGS,
    BodyGeometry,
    J,
    distance_to,
    filled,
    limb,
)

Map = Float32[np.ndarray, "H W"]

ARM, HAND, LEG, FOOT = 0.12, 0.10, 0.15, 0.12
"""Half widths of limbs in trunk lengths, beyond which priors fade."""

WAIST = 0.08
"""Height of the waist above the hip joints, in trunk lengths."""


@dataclass(frozen=True)
class PartPriors:
    """Prior of each part at each pixel, in [0, 1]. Pairs are left first.

    `waist` is 1 below the waist, 0 above it. `along_arms` and `along_legs` are the
    positions of the nearest point on the limb: 0 at shoulder or hip, 1 at wrist or ankle.
    """

    face: Map
    neck: Map
    hair: Map
    long_hair: Map
    waist: Map
    trunk: Map
    arms: tuple[Map, Map]
    hands: tuple[Map, Map]
    legs: tuple[Map, Map]
    feet: tuple[Map, Map]
    along_arms: tuple[Map, Map]
    along_legs: tuple[Map, Map]


def part_priors(figure: BodyGeometry, size: tuple[int, int]) -> PartPriors:
    """Compute the priors."""
    face, neck, hair, long_hair = _head(figure, size)
    unit = figure.unit
    arms = _pair([distance_to(figure.chain(ARMS[s]), size) for s in (0, 1)], ARM * unit)
    hands = _pair([distance_to(figure.hand(s), size) for s in (0, 1)], HAND * unit)
    legs = _pair([distance_to(figure.chain(LEGS[s]), size) for s in (0, 1)], LEG * unit)
    feet = _pair([distance_to(figure.foot(s), size) for s in (0, 1)], FOOT * unit)
    feet = _below_ankles(figure, feet)
    return PartPriors(
        face, neck, hair, long_hair, _waist(figure, size), _trunk(figure, size),
        arms, hands, legs, feet,
        (_along(figure, ARMS[0], size), _along(figure, ARMS[1], size)),
        (_along(figure, LEGS[0], size), _along(figure, LEGS[1], size)),
    )  # fmt: skip


def _faded(distance: Map, width: float) -> Map:
    """1 up to the width, fading to 0 at about twice the width."""
    over = np.maximum(distance / width - 1, 0)
    result: Map = np.exp(-4 * over**2).astype(np.float32)
    return result


def _pair(distances: list[Map], width: float) -> tuple[Map, Map]:
    """Priors of a left and a right limb; each is reduced where the other is nearer."""
    left, right = distances
    nearer = 1 / (1 + np.exp(np.clip((left - right) / (0.15 * width), -30, 30)))
    return (
        (_faded(left, width) * nearer).astype(np.float32),
        (_faded(right, width) * (1 - nearer)).astype(np.float32),
    )


def _along(figure: BodyGeometry, joints: tuple[Joint, Joint, Joint], size: tuple[int, int]) -> Map:
    """Position along the limb, in [0, 1], of the point nearest to each pixel."""
    lines = limb(figure, joints)
    result = np.zeros(size, np.float32)
    if not lines:
        return result
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    nearest = np.full(size, np.inf, np.float32)
    for n, (start, end) in enumerate(lines):
        bone = end - start
        share = ((x - start[0]) * bone[0] + (y - start[1]) * bone[1]) / max(bone @ bone, 1e-6)
        share = np.clip(share, 0, 1)
        distance = np.hypot(x - start[0] - share * bone[0], y - start[1] - share * bone[1])
        result = np.where(distance < nearest, (n + share) / 2, result)
        nearest = np.minimum(nearest, distance)
    return result.astype(np.float32)


def _head(figure: BodyGeometry, size: tuple[int, int]) -> tuple[Map, Map, Map, Map]:
    zero = np.zeros(size, np.float32)
    if figure.head is None:
        return zero, zero, zero, zero
    side, below = figure.head.coordinates(size)
    radius = np.hypot(side, below)
    face = (radius < 1).astype(np.float32)
    around = np.hypot(side / 1.5, (below + 0.25) / 1.35)
    hair = np.where(face > 0, 0, _faded(around, 1.0)).astype(np.float32)
    reach = 2.2
    if figure.has(J.NECK):
        reach = float((figure[J.NECK] - figure.head.centre) @ figure.head.down)
        reach = max(reach / figure.head.along, 1.2)
    neck = ((np.abs(side) < 0.8) & (below > 0.5) & (below < reach + 0.5) & (face == 0)).astype(
        np.float32
    )
    long_hair = ((np.abs(side) < 2.0) & (below > -0.5) & (below < reach + 2.0)).astype(np.float32)
    return face, neck, np.where(below < 0.8, hair, 0.3 * hair), long_hair * (face == 0)


def _waist(figure: BodyGeometry, size: tuple[int, int]) -> Map:
    """0 above the waist, 1 below, with a transition of a tenth of the trunk's length."""
    if not figure.has(J.MID_HIP):
        return np.zeros(size, np.float32)
    down = np.array([0.0, 1.0])
    if figure.has(J.NECK):
        down = figure[J.MID_HIP] - figure[J.NECK]
    below = _beyond(figure[J.MID_HIP], down, size) / figure.unit + WAIST
    result: Map = np.clip(below / 0.1 + 0.5, 0, 1).astype(np.float32)
    return result


def _beyond(point: np.ndarray, direction: np.ndarray, size: tuple[int, int]) -> Map:
    """Signed distance of each pixel from a point along a direction, in pixels."""
    step = direction / max(float(np.hypot(*direction)), 1e-6)
    y, x = np.mgrid[: size[0], : size[1]]
    result: Map = ((x - point[0]) * step[0] + (y - point[1]) * step[1]).astype(np.float32)
    return result


def _trunk(figure: BodyGeometry, size: tuple[int, int]) -> Map:
    if figure.trunk is None:
        return np.zeros(size, np.float32)
    return filled(figure.trunk, size).astype(np.float32)


def _below_ankles(figure: BodyGeometry, feet: tuple[Map, Map]) -> tuple[Map, Map]:
    """Restrict the priors of feet to below the ankle."""
    cut = []
    for side, foot in enumerate(feet):
        _, knee, ankle = LEGS[side]
        if not figure.has(knee, ankle):
            cut.append(foot)
            continue
        below = _beyond(figure[ankle], figure[ankle] - figure[knee], foot.shape)
        cut.append(np.where(below > -0.1 * figure.unit, foot, 0).astype(np.float32))
    return cut[0], cut[1]
