"""A person: a body with its eyes, the skin that shows, and what is worn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import Body
from reenactor_anny.clothes import bare
from reenactor_anny.face import Complexion, eye_painter, skin_painter
from reenactor_anny.hair import Line, hairline
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer
from reenactor_anny.render import Painter


@dataclass(frozen=True)
class Person:
    """`layers` at rest, the skin and the eyes first; `painters` by material."""

    body: Body
    layers: tuple[Layer, ...]
    painters: dict[str, Painter]


def person(
    form: Form,
    look: Complexion,
    line: Line | None,
    covers: Sequence[Array],
    worn: Sequence[Layer],
    painters: dict[str, Painter],
) -> Person:
    """Puts a person together.

    Args:
        form: the body.
        look: its colours.
        line: where hair begins on the scalp; None where there is none.
        covers: (V,) metres inside what is worn, which hides the skin.
        worn: from the outermost inward or the other way round.
        painters: of the materials of what is worn.
    """
    body = form.body
    hair = np.full(len(body.vertices), -0.02) if line is None else hairline(body, line)
    skin = bare(form, hair, covers)
    eyeballs = body.weight_of("eye.") > 0.99
    keep = ~eyeballs[skin.faces].all(axis=1)
    label, uv = np.asarray(skin.label)[keep], None if skin.uv is None else skin.uv[keep]
    skin = replace(skin, label=label, faces=skin.faces[keep], uv=uv)
    eyes = body.faces[eyeballs[body.faces].all(axis=1)]
    eye = Layer("eye", Label.FACE, body.vertices, body.vertices, eyes, body.weights)
    own = {"skin": skin_painter(body, look), "eye": eye_painter(body, look)}
    return Person(body, (skin, eye, *worn), own | painters)
