"""Hats, their brims, sunglasses and spectacles."""

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import Body
from reenactor_anny.clothes import Cloth, sew
from reenactor_anny.hair import Head, on_bone
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer, loft, outline, unit


def hat(form: Form, material: str, low: float, ease: float) -> Layer:
    """The part of a hat that sits on the head, from `low` heads over the eyes upward."""
    head = Head.of(form.body)
    field = form.body.vertices[:, 2] - head.eye[2] - low * head.tall
    field = np.where(form.head > 0.9, field, -0.02)
    return sew(form, Cloth(material, Label.HAT, field, ease, 8))


def brim(form: Form, material: str, low: float, wide: float, *, front: bool) -> Layer:
    """A hat's brim all round, or a cap's peak only in front; `low` in heads over the eyes."""
    head = Head.of(form.body)
    level = head.eye[2] + low * head.tall
    mine = form.body.vertices[form.head > 0.9]
    near = mine[np.abs(mine[:, 2] - level) < 0.12 * head.tall]
    reach = 62 if front else 180
    degrees = np.linspace(-reach, reach, 48)
    ways = np.stack([np.sin(np.radians(degrees)), -np.cos(np.radians(degrees))], 1)
    centre = head.centre[:2]
    inner = outline(near[:, :2] - centre, ways) + 0.004
    out = wide * (np.sqrt(np.clip(1 - (degrees / 64) ** 2, 0.02, 1)) if front else 1)
    radius = np.stack([inner, inner + 0.5 * out, inner + out])
    flat = centre + radius[:, :, None] * ways
    high = level - np.array([0, 0.2, 0.55])[:, None, None] * wide * 0.5
    spots, faces = loft(
        np.concatenate([flat, np.broadcast_to(high, (*radius.shape, 1))], 2), closed=False
    )
    weights = on_bone(form.body, "head")(spots)
    return Layer(material, Label.HAT, spots, spots, faces, weights)


def sunglasses(form: Form, material: str, tall: float) -> Layer:
    """A dark band before the eyes, `tall` metres over and under their middle."""
    head, v = Head.of(form.body), form.body.vertices
    apart = abs(float(form.body.head("eye.L")[0]))
    field = np.minimum(tall - np.abs(v[:, 2] - head.eye[2]), 1.95 * apart - np.abs(v[:, 0]))
    field = np.where((v[:, 1] < head.centre[1]) & (form.head > 0.9), field, -0.02)
    return sew(form, Cloth(material, Label.SUNGLASSES, field, 0.012, 4))


def spectacles(body: Body, material: str) -> list[Layer]:
    """Round wire spectacles: two rings, a bridge, two arms to the ears."""
    head = Head.of(body)
    front = float(body.vertices[body.weight_of("head") > 0.9][:, 1].min()) + 0.016
    turn = np.linspace(0, 2 * np.pi, 40)
    out = []
    for sign, bone in ((1.0, "eye.L"), (-1.0, "eye.R")):
        eye = body.head(bone)
        middle = np.array([eye[0] + 0.002 * sign, front, eye[2] - 0.003])
        ring = np.stack([0.0225 * np.cos(turn), 0 * turn, 0.021 * np.sin(turn)], axis=1)
        ring[:, 1] += 0.004 * (ring[:, 0] * sign / 0.0225)
        out.append(_wire(body, middle + ring, material))
        hinge = middle + np.array([0.0225 * sign, 0.004, 0.004])
        ear = np.array([head.wide * 1.02 * sign, head.centre[1] + 0.005, eye[2] + 0.006])
        out.append(_wire(body, np.linspace(hinge, ear, 12), material))
    left, right = (body.head(b) for b in ("eye.L", "eye.R"))
    gap = np.linspace(right[0] + 0.0205, left[0] - 0.0205, 12)
    arch = 0.003 * np.sin(np.linspace(0, np.pi, 12))
    bridge = np.stack([gap, np.full(12, front - 0.003), left[2] + 0.002 + arch], axis=1)
    return [*out, _wire(body, bridge, material)]


def _wire(body: Body, path: Array, material: str, width: float = 0.0024) -> Layer:
    """A round wire along a path (S, 3)."""
    flow = unit(np.gradient(path, axis=0))
    side = unit(np.cross(flow, np.array([0.01, 1.0, 0.02])))
    up = np.cross(flow, side)
    q = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    points, faces = loft(
        path[:, None]
        + width / 2 * (np.cos(q)[:, None] * side[:, None] + np.sin(q)[:, None] * up[:, None])
    )
    weights = on_bone(body, "head")(points)
    return Layer(material, Label.SUNGLASSES, points, points, faces, weights)
