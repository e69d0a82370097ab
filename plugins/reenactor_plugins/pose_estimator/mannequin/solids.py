"""The three solids a mannequin is made of, seen from far away: tapered limb, trunk and head.

Each is solved for every pixel of its rectangle at once; there is no mesh. U runs along a part and
V around it, in the directions of DensePose's charts as far as frames with true dense poses show
them (fronts; backs go on in the same sense).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor_plugins.pose_estimator.mannequin.body3d import Vector, unit_vector
from reenactor_plugins.pose_estimator.mannequin.buffer import DepthBuffer, Grid, SurfacePatch

TRUNK_PROFILE = (
    (0, 0.11, 0.28, 0.57, 0.74, 0.83, 0.92, 1),
    (0.30, 0.56, 0.52, 0.46, 0.53, 0.52, 0.36, 0.10),
)
"""Half the trunk's width in shoulder widths, from the neck to the crotch."""

TRUNK_DEPTH = 0.62
"""The trunk's depth over its width."""


@dataclass(frozen=True)
class TaperedLimb:
    """A tapered limb with round ends.

    Attributes:
        ends: where it begins and ends.
        radii: its thickness there.
        facing: the way that the surface of the first part faces.
        rising: the way in which V rises to 1 (on both parts).
        parts: the numbers of the part that faces there and of the one that faces away.
        backwards: whether U falls from start to end.
    """

    ends: tuple[Vector, Vector]
    radii: tuple[float, float]
    facing: Vector
    rising: Vector
    parts: tuple[int, int]
    backwards: bool = False


def draw_limb(buffer: DepthBuffer, limb: TaperedLimb) -> None:
    start, end = limb.ends
    first, last = limb.radii
    box = np.stack([start, end])[:, :2]
    thickest = max(first, last)
    found = buffer.pixels(box.min(0) - thickest, box.max(0) + thickest)
    if found is None:
        return
    area, x, y = found
    along = end - start
    length = max(float(np.hypot(*along[:2])), 1e-3)
    ahead = along[:2] / length
    beyond = ((x - start[0]) * ahead[0] + (y - start[1]) * ahead[1]) / length
    t = beyond.clip(0, 1)
    radius = first + (last - first) * t
    off_x, off_y = x - start[0] - t * along[0], y - start[1] - t * along[1]
    squared = off_x**2 + off_y**2
    inside = squared <= radius**2
    depth = start[2] + t * along[2] - np.sqrt((radius**2 - squared).clip(0))
    aside = ((off_y * ahead[0] - off_x * ahead[1]) / radius).clip(-1, 1)
    theta, rise = _turn(limb, np.array([-ahead[1], ahead[0], 0.0]), aside)
    faces = np.abs(theta) <= np.pi / 2
    around = np.where(faces, theta, np.sign(theta) * np.pi - theta)
    u = (beyond * length + first) / (length + first + last)
    u = 1 - u if limb.backwards else u
    part = np.where(faces, *limb.parts)
    buffer.add(SurfacePatch(area, inside, depth, part, u, 0.5 + rise * around / np.pi))


def _turn(limb: TaperedLimb, across: Vector, aside: Grid) -> tuple[Grid, float]:
    """By how much the surface at each pixel is turned away from `facing`, and V's sense."""
    axis = unit_vector(limb.ends[1] - limb.ends[0])
    toward = np.cross(axis, across)  # square to the limb, and to the picture's `across`
    toward = toward if toward[2] < 0 else -toward

    def angle(way: Vector) -> float:
        return float(np.arctan2(way @ across, way @ toward))

    facing = angle(limb.facing)
    theta = np.arcsin(aside) - np.float32(facing)
    theta = (theta + np.pi) % (2 * np.pi) - np.pi
    return theta, float(np.sign(np.sin(angle(limb.rising) - facing))) or 1.0


def draw_trunk(
    buffer: DepthBuffer, start: Vector, end: Vector, unit: float, left: Vector, front: Vector
) -> None:
    """A trunk of elliptical sections; its front is part 2 and its back part 1."""
    box = np.stack([start, end])[:, :2]
    found = buffer.pixels(box.min(0) - 0.6 * unit, box.max(0) + 0.6 * unit)
    if found is None:
        return
    area, x, y = found
    along = end - start
    length = max(float(np.hypot(*along[:2])), 1e-3)
    ahead = along[:2] / length
    t = ((x - start[0]) * ahead[0] + (y - start[1]) * ahead[1]) / length
    half = np.interp(t, *TRUNK_PROFILE).astype(np.float32) * unit
    across = np.array([-ahead[1], ahead[0], 0.0])
    aside = (x - start[0]) * across[0] + (y - start[1]) * across[1]
    # A section's rim is half (left cos a + 0.62 front sin a): find the a that is seen here.
    over, under = float(left @ across), TRUNK_DEPTH * float(front @ across)
    reach = float(np.hypot(over, under))
    share = aside / np.maximum(half * max(reach, 1e-6), 1e-6)
    inside = (np.abs(share) <= 1) & (t >= 0) & (t <= 1)
    turn = np.arccos(share.clip(-1, 1))
    choices = [np.arctan2(under, over) + turn, np.arctan2(under, over) - turn]
    heights = [half * (np.cos(a) * left[2] + TRUNK_DEPTH * np.sin(a) * front[2]) for a in choices]
    a = np.where(heights[0] < heights[1], *choices)
    a = (a + np.pi) % (2 * np.pi) - np.pi
    depth = start[2] + t * along[2] + np.minimum(*heights)
    buffer.add(SurfacePatch(area, inside, depth, np.where(a >= 0, 2, 1), t, np.abs(a) / np.pi))


def draw_head(
    buffer: DepthBuffer,
    center: Vector,
    radii: tuple[float, float, float],
    ways: Float[np.ndarray, "3 3"],
) -> None:
    """An ellipsoid: part 24 is its left half and 23 its right.

    Args:
        buffer: what is drawn into.
        center: its middle.
        radii: half its width, depth and height.
        ways: where its left, its face and its crown are.
    """
    found = buffer.pixels(center[:2] - max(radii), center[:2] + max(radii))
    if found is None:
        return
    area, x, y = found
    # In the head's own axes, scaled to a sphere, every line of sight is base + depth * sight.
    own = ways / np.array(radii)[:, None]
    base = [row[0] * (x - center[0]) + row[1] * (y - center[1]) for row in own]
    sight = own[:, 2]
    a = float(sight @ sight)
    b = sum(s * p for s, p in zip(sight, base, strict=True))
    c = sum(p * p for p in base) - 1
    root = b * b - a * c
    depth = (-b - np.sqrt(root.clip(0))) / a
    side, face, crown = (p + s * depth for p, s in zip(base, sight, strict=True))
    turned = np.arctan2(np.abs(side), face) / np.pi  # 0 in the middle of the face, 1 behind
    u = np.where(side > 0, turned, 1 - turned)
    part = np.where(side > 0, 24, 23)
    buffer.add(SurfacePatch(area, root >= 0, center[2] + depth, part, u, (1 + crown) / 2))
