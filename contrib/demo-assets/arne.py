"""An elderly man with a grey beard and spectacles, in an open cardigan and brown trousers."""

import numpy as np
from body import Array, Body, BodyShop, texture_masks
from clothes import Cloth, Shoe, bottoms, measure, sew, shoes, snug, tops
from face import Complexion
from hair import (
    SHORT,
    Ground,
    Locks,
    beard_field,
    cap,
    grow,
    hairline,
    head_of,
    on_bone,
    tube,
    vertex_mask,
)
from mesh import Layer, unit
from paint import cloth_painter, hair_painter, plain, shoe_painter
from person import SOLE, Person, person


def make(shop: BodyShop) -> Person:
    """Kept at rest; see `make.posed`."""
    body = shop.make(
        {"gender": 0.0, "age": 0.88, "muscle": 0.45, "weight": 0.62, "height": 0.36,
         "proportions": 0.6, "african": 0.0, "asian": 0.0, "caucasian": 1.0},
        {"mouth-angles-up": 0.4, "l-eye-scale-incr": 0.25, "r-eye-scale-incr": 0.25},
    )  # fmt: skip
    m = measure(body)
    shirt, trousers = tops(body, m, 0.5, 0.02, neck=0.03, drop=0.045), bottoms(m, 0.10, 1.93)
    coat = tops(body, m, 1.88, -0.06, neck=0.05, drop=0.08)
    open_front = np.where(
        m.depth < body.head("spine03")[1],
        m.out - 0.055 - 0.05 * np.clip(-m.height + 0.1, 0, 1),
        0.2,
    )
    coat = np.minimum(coat, np.maximum(open_front, -0.05))
    line = hairline(body, SHORT)
    scalp = cap(body, line, 0.008)
    head = head_of(body)

    def back(points: Array, _: float) -> Array:
        d = points - head.centre
        side = np.where(d[:, 0] > -0.03, 1.0, -1.0)
        return unit(np.stack([0.5 * side, 0.9 + 0 * side, -0.35 + 0 * side], axis=1))

    locks = grow(
        scalp, Ground([scalp]),
        Locks(1300, lambda root: 0.044 + 0 * root[:, 2], back, 0.0065, 0.4, margin=0.003,
              spread=0.009),
        on_bone(body, "head"),
    )  # fmt: skip
    lips = vertex_mask(body, texture_masks()["lips"])
    beard = sew(body, Cloth("hair", beard_field(body, lips), 0.004, taut=4))
    mouth = float(body.vertices[lips > 0.5][:, 2].mean())

    def downward(points: Array, _: float) -> Array:
        aside = np.sign(points[:, 0]) * np.clip(np.abs(points[:, 0]) / 0.05, 0, 1) * 0.15
        upper = np.clip((points[:, 2] - mouth) / 0.004, 0, 1)
        aside = aside + upper * np.sign(points[:, 0]) * 1.3
        return unit(np.stack([aside, -0.25 + 0 * aside, -1 + 0 * aside], axis=1))

    def trimmed(root: Array) -> Array:
        return np.where(root[:, 2] > mouth, 0.011, 0.018)

    tufts = grow(
        beard, Ground([beard]),
        Locks(900, trimmed, downward, 0.0055, 0.25, margin=0.001,
              spread=0.006, wave=0.001),
        on_bone(body, "head"),
    )  # fmt: skip
    worn = (
        sew(body, Cloth("trousers", trousers, 0.008 + 0.010 * np.clip(m.leg, 0, 2), 30)),
        sew(body, Cloth("shirt", shirt, 0.006, 60)),
        sew(body, Cloth("coat", coat, snug(body, 0.017 + 0.004 * np.clip(m.arm, 0, 2)), 40)),
        scalp, locks, beard, tufts, *_spectacles(body), *shoes(body, Shoe(SOLE)),
    )  # fmt: skip
    look = Complexion(
        "#d9a588",
        "#a8625a",
        "#7d7973",
        "#3f6a86",
        brow=0.0055,
        blush=0.4,
        stubble=0.35,
        liner=0.35,
        hair="#8d8a86",
    )
    painters = {
        "shirt": cloth_painter("#f0efe8"), "trousers": cloth_painter("#6b4a33", seed=4, hem=0.012),
        "coat": cloth_painter("#2f7f78", weave=0.002, bump=0.3, seed=8, hem=0.018),
        "hair": hair_painter("#97938d", "#d9d6d0", shine=0.4),
        "wire": plain("#2a2724"),
        "shoe": shoe_painter("#3a261a", "#20150f", "#3a261a"),
    }  # fmt: skip
    return person(body, look, line, [shirt, trousers, coat], worn, painters)


def _spectacles(body: Body) -> list[Layer]:
    """Round wire spectacles: two rings, a bridge, two arms to the ears."""
    head = head_of(body)
    front = float(body.vertices[body.weight_of("head") > 0.9][:, 1].min()) + 0.016
    turn = np.linspace(0, 2 * np.pi, 40)
    out = []
    for sign, bone in ((1.0, "eye.L"), (-1.0, "eye.R")):
        eye = body.head(bone)
        middle = np.array([eye[0] + 0.002 * sign, front, eye[2] - 0.003])
        ring = np.stack([0.0225 * np.cos(turn), 0 * turn, 0.021 * np.sin(turn)], axis=1)
        ring[:, 1] += 0.004 * (ring[:, 0] * sign / 0.0225)
        out.append(tube(body, middle + ring, 0.0024, "wire"))
        hinge = middle + np.array([0.0225 * sign, 0.004, 0.004])
        ear = np.array([head.wide * 1.02 * sign, head.centre[1] + 0.005, eye[2] + 0.006])
        out.append(tube(body, np.linspace(hinge, ear, 12), 0.0024, "wire"))
    left, right = (body.head(b) for b in ("eye.L", "eye.R"))
    gap = np.linspace(right[0] + 0.0205, left[0] - 0.0205, 12)
    arch = 0.003 * np.sin(np.linspace(0, np.pi, 12))
    bridge = np.stack([gap, np.full(12, front - 0.003), left[2] + 0.002 + arch], axis=1)
    return [*out, tube(body, bridge, 0.0024, "wire")]
