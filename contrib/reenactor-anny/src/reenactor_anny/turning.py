"""Rotations as matrices. Axes: x to the person's left, y to the back, z up. Degrees."""

import numpy as np

from reenactor_anny.mesh import Array

LEFT = np.array([1.0, 0, 0])
DOWN = np.array([0, 0, -1.0])
FRONT = np.array([0, -1.0, 0])

CAMERA = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""From these axes to the camera's of a person who faces it: x right, y down, z away."""


def unit_vector(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def about(axis: Array, degrees: float) -> Array:
    """The rotation about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def frame(first: Array, second: Array) -> Array:
    """Columns: `first`, the part of `second` square to it, and their cross product."""
    a = unit_vector(first)
    b = second - a * (a @ second)
    if np.linalg.norm(b) < 1e-6:
        b = np.cross(a, [0.3, 0.5, 0.8])
    b = unit_vector(b)
    return np.stack([a, b, np.cross(a, b)], axis=1)


def between(start: Array, end: Array) -> Array:
    """The smallest rotation that takes one direction to another."""
    a, b = unit_vector(start), unit_vector(end)
    axis = np.cross(a, b)
    size = float(np.linalg.norm(axis))
    if size < 1e-8:
        return np.eye(3)
    return about(axis / size, float(np.degrees(np.arctan2(size, a @ b))))


def part_of(turn: Array, share: float) -> Array:
    """The same turn, only a share of it."""
    angle = np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))
    axis = np.array(
        [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]], float
    )
    if np.linalg.norm(axis) < 1e-6:
        return np.eye(3)
    return about(unit_vector(axis), float(np.degrees(angle)) * share)


def at_most(turn: Array, degrees: float) -> Array:
    """The same turn, but no further than that."""
    angle = float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))))
    return turn if angle <= degrees else part_of(turn, degrees / angle)
