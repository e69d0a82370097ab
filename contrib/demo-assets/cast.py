"""The four invented people: their bodies, clothes, hair and colours."""

from dataclasses import dataclass, replace

import numpy as np
from body import Array, Body, BodyShop, texture_masks
from clothes import Cloth, Shoe, bare, bottoms, measure, sew, shoes, skirt, snug, tops
from hair import (
    LONG,
    SHORT,
    TIED,
    Ground,
    Locks,
    ball,
    beard_field,
    cap,
    grow,
    hairline,
    head_of,
    on_bone,
    tube,
    vertex_mask,
)  # fmt: skip
from mesh import Layer, unit
from paint import (
    Complexion,
    bands,
    cloth_painter,
    dots,
    eye_painter,
    hair_painter,
    plain,
    shoe_painter,
    skin_painter,
)  # fmt: skip
from render import Painter


@dataclass(frozen=True)
class Person:
    """`layers` at rest; `face` the layer of skin, on which expressions play."""

    body: Body
    layers: tuple[Layer, ...]
    painters: dict[str, Painter]
    lift: float


def eyes_of(body: Body) -> Layer:
    mine = body.weight_of("eye.") > 0.99
    faces = body.faces[mine[body.faces].all(axis=1)]
    return Layer("eye", body.vertices, body.vertices, faces, body.weights)


def feet(body: Body) -> Array:
    """(V,) what shoes hide."""
    ankle = body.head("foot.L")[2]
    return np.minimum(body.weight_of("foot", "toe") - 0.5, ankle + 0.005 - body.vertices[:, 2])


def without_eyes(body: Body, layer: Layer) -> Layer:
    mine = body.weight_of("eye.") > 0.99
    keep = ~mine[layer.faces].all(axis=1)
    assert layer.uv is not None
    return replace(layer, faces=layer.faces[keep], uv=layer.uv[keep])


def juno(shop: BodyShop) -> Person:
    """The dancer of the driving video: a young woman with a bun, a wide shirt and dark trousers."""
    body = shop.make(
        {"gender": 0.95, "age": 0.66, "muscle": 0.5, "weight": 0.47, "height": 0.45,
         "proportions": 0.9, "cupsize": 0.42, "firmness": 0.7, "african": 0.2, "asian": 0.35,
         "caucasian": 0.45},
        {"l-eye-scale-incr": 0.45, "r-eye-scale-incr": 0.45, "mouth-angles-up": 0.4},
    )  # fmt: skip
    m = measure(body)
    shirt, trousers = tops(body, m, 0.62, 0.0), bottoms(m, 0.06, 1.84)
    ease = 0.014 + 0.012 * np.clip(m.arm, 0, 1) + 0.008 * np.clip((0.2 - m.height) / 0.2, 0, 1)
    loose = 0.007 + 0.012 * np.clip(m.leg - 0.3, 0, 1.6)
    line = hairline(body, TIED)
    scalp = cap(body, line, 0.009)
    head = head_of(body)
    knot = head.centre + np.array([0.0, 0.045, 0.98 * head.tall])
    skin = bare(body, line, [feet(body), shirt, trousers])

    def comb(points: Array, _: float) -> Array:
        return unit(knot - points)

    locks = grow(
        scalp, Ground([scalp]),
        Locks(1000, lambda root: np.linalg.norm(root - knot, axis=1) * 1.02, comb, 0.0085, 0.1,
              margin=0.002, spread=0.004, stiff=0.3),
        on_bone(body, "head"),
    )  # fmt: skip
    layers = (
        without_eyes(body, skin), eyes_of(body),
        sew(body, Cloth("trousers", trousers, loose, 30)),
        sew(body, Cloth("shirt", shirt, snug(body, ease), 60)),
        scalp, locks, ball(body, knot, 0.045), *shoes(body, Shoe()),
    )  # fmt: skip
    look = Complexion("#c98f6b", "#a8504a", "#2a1812", "#4a2c18", hair="#2b1710")
    painters = {
        "skin": skin_painter(body, look), "eye": eye_painter(body, look),
        "shirt": cloth_painter("#f2b632", hem=0.014),
        "trousers": cloth_painter("#27324d", seed=4, hem=0.02),
        "hair": hair_painter("#2b1710", "#5a3420"),
        "shoe": shoe_painter("#f4f1ea", "#ffffff", "#e2604a"),
    }  # fmt: skip
    return Person(body, layers, painters, Shoe().sole)


def vera(shop: BodyShop) -> Person:
    """A young woman with long dark hair in a red dress."""
    body = shop.make(
        {"gender": 1.0, "age": 0.64, "muscle": 0.45, "weight": 0.42, "height": 0.47,
         "proportions": 1.0, "cupsize": 0.5, "firmness": 0.7, "african": 0.1, "asian": 0.8,
         "caucasian": 0.3},
        {"l-eye-scale-incr": 0.5, "r-eye-scale-incr": 0.5, "mouth-angles-up": 0.3},
    )  # fmt: skip
    m = measure(body)
    bodice = tops(body, m, 0.34, 0.16, neck=0.05, drop=0.10)
    flared = skirt(body, "dress", 0.185, -0.47, 0.13, depth=0.026)
    under = bottoms(m, 0.20, 0.6)
    line = hairline(body, LONG)
    scalp = cap(body, line, 0.006)
    head = head_of(body)
    skin = bare(body, line, [feet(body), bodice, under])
    top = sew(body, Cloth("dress", bodice, 0.006, 60))
    shore = Ground([skin, top, scalp])
    part = 0.012
    ear = np.array([head.wide * 1.08, head.centre[1] - 0.012, head.eye[2] + 0.012])

    def comb(points: Array, t: float) -> Array:
        d = points - head.centre
        side = np.where(d[:, 0] > part, 1.0, -1.0)[:, None]
        ahead = (d[:, 1] < 0.03)[:, None]
        high = np.clip((points[:, 2] - ear[2]) / 0.03, 0, 1)[:, None]
        to_ear = unit(ear * np.concatenate([side, np.ones((len(d), 2))], axis=1) - points)
        back = np.stack([0.25 * d[:, 0] / head.wide, 0.25 + 0 * d[:, 0], -1 + 0 * d[:, 0]], axis=1)
        down = np.concatenate([0.06 * side, 0 * side - 0.10, 0 * side - 1], axis=1)
        return unit(np.where(ahead, high * to_ear + (1 - high) * down, unit(back)))

    locks = grow(
        scalp, shore,
        Locks(1100, lambda root: 0.44 + 0 * root[:, 2], comb, 0.013, 0.15, fall=0.8, wave=0.0025,
              margin=0.006, spread=0.016, steps=30, stiff=0.55),
        on_bone(body, "head"),
    )  # fmt: skip
    locks = replace(locks, weights=_falling(body, locks.vertices))
    layers = (
        without_eyes(body, skin), eyes_of(body), top, flared, scalp, locks, *shoes(body, Shoe(top=0.0)),
    )  # fmt: skip
    look = Complexion("#e3b795", "#b8414a", "#1a1210", "#2c1a10", liner=0.9, hair="#140d0b")
    painters = {
        "skin": skin_painter(body, look), "eye": eye_painter(body, look),
        "dress": cloth_painter("#b92b3a", crease=0.14, sheen=0.2, pattern=dots("#f4e4d2", 0.055, 0.0085)),
        "hair": hair_painter("#140d0b", "#33221b"),
        "shoe": shoe_painter("#2b2022", "#3b2c2c", "#2b2022"),
    }  # fmt: skip
    return Person(body, layers, painters, Shoe().sole)


def _falling(body: Body, points: Array) -> Array:
    """Long hair follows the head above and the chest below."""
    chin = body.head("head")[2]
    share = np.clip((points[:, 2] - chin + 0.12) / 0.14, 0, 1)[:, None]
    return on_bone(body, "head")(points) * share + on_bone(body, "spine01")(points) * (1 - share)


def kofi(shop: BodyShop) -> Person:
    """An athletic young man in a coral T-shirt and navy shorts."""
    body = shop.make(
        {"gender": 0.0, "age": 0.66, "muscle": 0.66, "weight": 0.45, "height": 0.38,
         "proportions": 1.0, "african": 1.0, "asian": 0.0, "caucasian": 0.1},
        {"l-eye-scale-incr": 0.35, "r-eye-scale-incr": 0.35, "mouth-angles-up": 0.3},
    )  # fmt: skip
    m = measure(body)
    shirt, shorts = tops(body, m, 0.62, -0.02, neck=0.04, drop=0.065), bottoms(m, 0.06, 0.82)
    socks = np.minimum((m.leg - 1.72) * 0.4, 0.2)
    ease = 0.012 + 0.010 * np.clip(m.arm, 0, 1) + 0.008 * np.clip((0.2 - m.height) / 0.2, 0, 1)
    loose = 0.010 + 0.022 * np.clip(m.leg, 0, 1)
    line = hairline(body, SHORT)
    head = head_of(body)
    scalp = cap(body, line, 0.010)
    curls = grow(
        scalp, Ground([scalp]),
        Locks(3400, lambda root: 0.011 + 0.05 * np.clip(root[:, 2] - head.eye[2] - 0.04, 0, 0.1), lambda p, t: unit(p - head.centre), 0.006,
              0.8, wave=0.007, margin=0.0, spread=0.0, steps=9),
        on_bone(body, "head"),
    )  # fmt: skip
    skin = bare(body, line, [feet(body), shirt, shorts])
    layers = (
        without_eyes(body, skin), eyes_of(body),
        sew(body, Cloth("shorts", shorts, loose, 30)),
        sew(body, Cloth("shirt", shirt, snug(body, ease), 60)),
        sew(body, Cloth("socks", socks, 0.003, 4)),
        scalp, curls, *shoes(body, Shoe()),
    )  # fmt: skip
    look = Complexion(
        "#7f5238",
        "#7d4238",
        "#0c0807",
        "#2a160c",
        brow=0.005,
        blush=0.12,
        stubble=0.25,
        hair="#0a0706",
    )
    painters = {
        "skin": skin_painter(body, look), "eye": eye_painter(body, look),
        "shirt": cloth_painter("#ef6a4f", hem=0.014, pattern=bands("#fff3e2", (0.37, 0.395), (0.33, 0.36))), "shorts": cloth_painter("#2c3f66", seed=4, hem=0.02),
        "socks": cloth_painter("#f2f2f2", crease=0.02), "hair": hair_painter("#080605", "#241a16", shine=0.25),
        "shoe": shoe_painter("#f0efe9", "#ffffff", "#3a6fb0"),
    }  # fmt: skip
    return Person(body, layers, painters, Shoe().sole)


def arne(shop: BodyShop) -> Person:
    """A stout elderly man with a grey beard, in an open cardigan over a shirt, and brown trousers."""
    body = shop.make(
        {"gender": 0.0, "age": 0.88, "muscle": 0.45, "weight": 0.62, "height": 0.36,
         "proportions": 0.6, "african": 0.0, "asian": 0.0, "caucasian": 1.0},
        {"mouth-angles-up": 0.4, "l-eye-scale-incr": 0.25, "r-eye-scale-incr": 0.25},
    )  # fmt: skip
    m = measure(body)
    shirt, trousers = tops(body, m, 0.5, 0.02, neck=0.04, drop=0.045), bottoms(m, 0.10, 1.93)
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
        Locks(1300, lambda root: 0.044 + 0 * root[:, 2], back, 0.0065, 0.4, margin=0.003, spread=0.009),
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
    skin = bare(body, line, [feet(body), shirt, trousers, coat])
    layers = (
        without_eyes(body, skin), eyes_of(body),
        sew(body, Cloth("trousers", trousers, 0.008 + 0.010 * np.clip(m.leg, 0, 2), 30)),
        sew(body, Cloth("shirt", shirt, 0.006, 60)),
        sew(body, Cloth("coat", coat, snug(body, 0.017 + 0.004 * np.clip(m.arm, 0, 2)), 40)),
        scalp, locks, beard, tufts, *spectacles(body), *shoes(body, Shoe()),
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
        "skin": skin_painter(body, look), "eye": eye_painter(body, look),
        "shirt": cloth_painter("#f0efe8"), "trousers": cloth_painter("#6b4a33", seed=4, hem=0.012),
        "coat": cloth_painter("#2f7f78", weave=0.002, bump=0.3, seed=8, hem=0.018),
        "hair": hair_painter("#97938d", "#d9d6d0", shine=0.4), "wire": plain("#2a2724"), "shoe": shoe_painter("#3a261a", "#20150f", "#3a261a"),
    }  # fmt: skip
    return Person(body, layers, painters, Shoe().sole)


def spectacles(body: Body) -> list[Layer]:
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
        hinge = middle + [0.0225 * sign, 0.004, 0.004]
        ear = np.array([head.wide * 1.02 * sign, head.centre[1] + 0.005, eye[2] + 0.006])
        out.append(tube(body, np.linspace(hinge, ear, 12), 0.0024, "wire"))
    left, right = (body.head(b) for b in ("eye.L", "eye.R"))
    gap = np.linspace(right[0] + 0.0205, left[0] - 0.0205, 12)
    arch = 0.003 * np.sin(np.linspace(0, np.pi, 12))
    bridge = np.stack([gap, np.full(12, front - 0.003), left[2] + 0.002 + arch], axis=1)
    return [*out, tube(body, bridge, 0.0024, "wire")]
