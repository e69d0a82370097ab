"""Ways to wear hair: each gives the cap on the scalp first, then what grows from it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reenactor.labels import Label
from reenactor_anny.clothes import Cloth, sew
from reenactor_anny.hair import (
    Ground,
    Head,
    Line,
    Locks,
    ball,
    beard_field,
    cap,
    falling,
    grow,
    hairline,
    on_bone,
)
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer, unit


def cropped(form: Form, line: Line, thick: float, locks: Locks) -> list[Layer]:
    """Curls that stand off the head, longer on the crown."""
    head = Head.of(form.body)

    def length(root: Array) -> Array:
        crown = np.clip(root[:, 2] - head.eye[2] - 0.04, 0, 0.1)
        return np.asarray(locks.length(root) + 0.05 * crown)

    def outward(points: Array, _: float) -> Array:
        return unit(points - head.centre)

    return _grown(form, line, thick, replace(locks, length=length, comb=outward))


def swept(form: Form, line: Line, thick: float, locks: Locks) -> list[Layer]:
    """Short hair combed back from a parting on the right."""
    head = Head.of(form.body)

    def back(points: Array, _: float) -> Array:
        side = np.where((points - head.centre)[:, 0] > -0.03, 1.0, -1.0)
        return unit(np.stack([0.5 * side, 0.9 + 0 * side, -0.35 + 0 * side], axis=1))

    return _grown(form, line, thick, replace(locks, comb=back))


def tied(form: Form, line: Line, thick: float, locks: Locks, knot: Array) -> list[Layer]:
    """All hair drawn to a place behind or over the head."""

    def length(root: Array) -> Array:
        return np.asarray(np.linalg.norm(root - knot, axis=1) * locks.length(root))

    def comb(points: Array, _: float) -> Array:
        return unit(knot - points)

    return _grown(form, line, thick, replace(locks, length=length, comb=comb))


def tail(form: Form, knot: Array, locks: Locks, shore: Sequence[Layer]) -> list[Layer]:
    """What hangs from where hair is `tied`, over the neck and what is worn there."""
    root = ball(form.body, knot, 0.018 * Head.of(form.body).size)

    def comb(points: Array, share: float) -> Array:
        return np.broadcast_to(unit(np.array([0, 0.9 * (1 - share) ** 4, -1.0])), points.shape)

    hanging = grow(root, Ground(shore), replace(locks, comb=comb), on_bone(form.body, "head"))
    return [root, replace(hanging, weights=falling(form.body, hanging.vertices))]


def loose(
    form: Form, line: Line, thick: float, locks: Locks, shore: Sequence[Layer]
) -> list[Layer]:
    """Long hair with a parting, behind the ears and down over the `shore`."""
    head = Head.of(form.body)
    part = 0.012
    ear = np.array([head.wide * 1.08, head.centre[1] - 0.012, head.eye[2] + 0.012])

    def comb(points: Array, _: float) -> Array:
        d = points - head.centre
        side = np.where(d[:, 0] > part, 1.0, -1.0)[:, None]
        ahead = (d[:, 1] < 0.03)[:, None]
        high = np.clip((points[:, 2] - ear[2]) / 0.03, 0, 1)[:, None]
        to_ear = unit(ear * np.concatenate([side, np.ones((len(d), 2))], axis=1) - points)
        back = np.stack([0.25 * d[:, 0] / head.wide, 0.25 + 0 * d[:, 0], -1 + 0 * d[:, 0]], axis=1)
        down = np.concatenate([0.06 * side, 0 * side - 0.10, 0 * side - 1], axis=1)
        return unit(np.where(ahead, high * to_ear + (1 - high) * down, unit(back)))

    scalp = cap(form, hairline(form.body, line), thick)
    ground = Ground([*shore, scalp])
    hair = grow(scalp, ground, replace(locks, comb=comb), on_bone(form.body, "head"))
    return [scalp, replace(hair, weights=falling(form.body, hair.vertices))]


def beard(form: Form) -> list[Layer]:
    """A trimmed full beard."""
    body = form.body
    base = sew(form, Cloth("hair", Label.HAIR, beard_field(body), 0.004, taut=4))
    mouth = float(body.vertices[body.masked("lips") > 0.5][:, 2].mean())

    def downward(points: Array, _: float) -> Array:
        aside = np.sign(points[:, 0]) * np.clip(np.abs(points[:, 0]) / 0.05, 0, 1) * 0.15
        upper = np.clip((points[:, 2] - mouth) / 0.004, 0, 1)
        aside = aside + upper * np.sign(points[:, 0]) * 1.3
        return unit(np.stack([aside, -0.25 + 0 * aside, -1 + 0 * aside], axis=1))

    def length(root: Array) -> Array:
        return np.where(root[:, 2] > mouth, 0.011, 0.018)

    tufts = Locks(
        900, length, downward, 0.0055, 0.25, margin=0.001, spread=0.006, wave=0.001
    )  # fmt: skip
    return [base, grow(base, Ground([base]), tufts, on_bone(body, "head"))]


def _grown(form: Form, line: Line, thick: float, locks: Locks) -> list[Layer]:
    scalp = cap(form, hairline(form.body, line), thick)
    return [scalp, grow(scalp, Ground([scalp]), locks, on_bone(form.body, "head"))]
