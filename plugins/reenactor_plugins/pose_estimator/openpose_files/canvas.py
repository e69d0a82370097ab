"""Converts a file's coordinates to pixels of the picture."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.values import Skeleton

_SHARE = 1.5
"""If no coordinate exceeds this, they are normalised, not pixels."""
_ROOM = 0.1
"""Maximum distance of points outside the picture, in its sides (for guessed hidden limbs)."""
_ABSURD = 10
"""Points farther than this many sides away are never guesses."""
_STRETCH = 1.1
"""Maximum change of aspect ratio, since preprocessors round sides to multiples of 64."""


def canvas_of(data: Mapping[str, Any]) -> tuple[float, float] | None:
    """Height and width of the canvas according to the file; None if missing.

    Raises:
        ValueError: the size is invalid.
    """
    sides = data.get("canvas_height"), data.get("canvas_width")
    if sides == (None, None):
        return None
    for side in sides:
        if not isinstance(side, int | float) or not isfinite(side) or side <= 0:
            raise ValueError(f"a canvas of {sides[1]}x{sides[0]}")
    return float(sides[0]), float(sides[1])  # type: ignore[arg-type]  # checked above


def in_pixels(
    people: Skeleton, canvas: tuple[float, float] | None, size: tuple[int, int] | None
) -> Skeleton:
    """Convert people to pixels of a picture of `size` (height, width).

    Raises:
        ValueError: the coordinates do not fit the picture.
    """
    size = size or (None if canvas is None else (round(canvas[0]), round(canvas[1])))
    seen = _seen(people)
    if size is None or len(seen) == 0:
        return people
    if canvas is not None:
        stretch = canvas[0] / canvas[1] / size[0] * size[1]
        if not 1 / _STRETCH < stretch < _STRETCH:
            raise ValueError(
                f"a canvas of {canvas[1]:g}x{canvas[0]:g}; the picture has {size[1]}x{size[0]}"
            )
    if len(seen) > 1 and float(seen.abs().max()) <= _SHARE < min(size) / 8:
        if canvas is None or float(seen.min()) < 0:
            raise ValueError("coordinates that are shares of the picture, not pixels")
        people = _scaled(people, float(size[1]), float(size[0]))
    elif canvas is not None:
        people = _scaled(people, size[1] / canvas[1], size[0] / canvas[0])
    _require_inside(_seen(people), size)
    return people


def _seen(people: Skeleton) -> Float[Tensor, "M 2"]:
    """x and y of all visible points."""
    parts = (people.body, people.hands, people.face)
    points = torch.cat([part.reshape(-1, 3) for part in parts])
    return points[points[:, 2] > 0, :2]


def _scaled(people: Skeleton, x: float, y: float) -> Skeleton:
    by = torch.tensor([x, y, 1.0])
    return replace(people, body=people.body * by, hands=people.hands * by, face=people.face * by)


def _require_inside(seen: Float[Tensor, "M 2"], size: tuple[int, int]) -> None:
    sides = torch.tensor([size[1], size[0]])
    shares = seen / sides
    outside = ((shares < -_ROOM) | (shares > 1 + _ROOM)).any(1)
    if float(outside.float().mean()) > 0.5 or float(shares.abs().max()) > _ABSURD:
        x, y = seen[shares.abs().amax(1).argmax()].tolist()
        raise ValueError(
            f"points outside the picture of {size[1]}x{size[0]}, the farthest at {x:.4g}, {y:.4g}"
        )
