"""A person: a body with its eyes, the skin that shows, and what is worn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from body import Array, Body
from clothes import bare
from face import Complexion, eye_painter, skin_painter
from mesh import Layer
from render import Painter

SOLE = 0.016
"""Metres of shoe under the feet."""


@dataclass(frozen=True)
class Person:
    """`layers` at rest, `painters` by material."""

    body: Body
    layers: tuple[Layer, ...]
    painters: dict[str, Painter]


def person(
    body: Body,
    look: Complexion,
    hairline: Array,
    covers: Sequence[Array],
    worn: Sequence[Layer],
    painters: dict[str, Painter],
) -> Person:
    """Puts a person together; `covers` (V,) are the garments' fields, which hide skin."""
    skin = bare(body, hairline, [_in_shoes(body), *covers])
    eyeballs = body.weight_of("eye.") > 0.99
    keep = ~eyeballs[skin.faces].all(axis=1)
    uv = None if skin.uv is None else skin.uv[keep]
    eyes = body.faces[eyeballs[body.faces].all(axis=1)]
    layers = (
        replace(skin, faces=skin.faces[keep], uv=uv),
        Layer("eye", body.vertices, body.vertices, eyes, body.weights),
        *worn,
    )
    own = {"skin": skin_painter(body, look), "eye": eye_painter(body, look)}
    return Person(body, layers, own | painters)


def _in_shoes(body: Body) -> Array:
    """(V,) what shoes hide."""
    ankle = body.head("foot.L")[2]
    return np.minimum(body.weight_of("foot", "toe") - 0.5, ankle + 0.005 - body.vertices[:, 2])
