"""Garments cut from the body's own surface, drawn taut and let out; and what hangs in rings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reenactor.labels import Label
from reenactor_anny.body import ARM_BONES
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Faces, Layer, border, cut, loft, neighbours, outline, unit


@dataclass(frozen=True)
class Cloth:
    """Where a garment is (`keep` (V,) above 0, about metres inside its hems) and how it sits.

    `ease` metres off the skin, (V,) or one number; `taut` rounds of drawing it straight over
    hollows.
    """

    material: str
    label: Label
    keep: Array
    ease: Array | float = 0.008
    taut: int = 40


def sew(form: Form, cloth: Cloth) -> Layer:
    """A layer over the body where the cloth is: it spans hollows and stays `ease` off the skin."""
    body = form.body
    part = cut(body.faces, cloth.keep)
    skin = part.take(body.vertices)
    outward = unit(part.take(form.outward))
    ease = np.broadcast_to(np.asarray(cloth.ease, float), (len(body.vertices),))
    gap = part.take(ease[:, None])[:, 0]
    mean = neighbours(len(skin), part.faces)
    for _ in range(6):
        outward = unit(0.4 * outward + 0.6 * (mean @ outward))
    edge = border(part.faces, len(skin))
    spots = skin + outward * gap[:, None]
    for _ in range(cloth.taut):
        pulled = 0.5 * spots + 0.5 * (mean @ spots)
        pulled[edge] = spots[edge]
        short = np.maximum(0, gap - np.einsum("nd,nd->n", pulled - skin, outward))
        spots = pulled + outward * short[:, None]
    weights = part.take(body.weights)
    used = np.flatnonzero(weights.any(axis=0))
    few = weights[:, used]
    for _ in range(8):
        few = 0.5 * few + 0.5 * (mean @ few)
    weights[:, used] = few
    tint = part.take(cloth.keep[:, None])[:, 0]
    return Layer(cloth.material, cloth.label, spots, spots, part.faces, weights, tint=tint)


def snug(form: Form, ease: Array | float, size: float = 1.0) -> Array:
    """Ease that narrows toward the neck, so that a collar lies on it."""
    away = np.linalg.norm(form.body.vertices - form.neck, axis=1) / size
    return np.asarray(ease * (1 - 0.72 * np.exp(-((away / 0.10) ** 2))))


def bare(form: Form, hair: Array, covers: Sequence[Array], margin: float = 0.012) -> Layer:
    """The skin that shows: the body without the faces well under a garment (`covers` > margin)."""
    body = form.body
    hidden = np.zeros(len(body.vertices), bool)
    for cover in covers:
        hidden |= cover > margin
    shown = ~hidden[body.faces].all(axis=1)
    rest, faces = body.vertices, body.faces[shown]
    label = skin_labels(form)[shown]
    return Layer("skin", label, rest, rest, faces, body.weights, body.uv[shown], tint=hair)


def skin_labels(form: Form) -> Faces:
    """(F,) the class of each face of a naked body: hands from the wrists, faces over the neck."""
    body = form.body
    of = np.full(len(body.vertices), int(Label.TORSO_SKIN))
    of[body.weight_of("head", "eye") > 0.5] = Label.FACE
    left = form.side > 0
    for mine, pair in (
        (body.weight_of(*ARM_BONES) > 0.4, (Label.LEFT_ARM, Label.RIGHT_ARM)),
        (form.leg > 0.12, (Label.LEFT_LEG, Label.RIGHT_LEG)),
        (form.hand > 0.5, (Label.LEFT_HAND, Label.RIGHT_HAND)),
    ):
        of[mine & left] = pair[0]
        of[mine & ~left] = pair[1]
    return of_faces(of, body.faces)


def of_faces(of: Faces, faces: Faces) -> Faces:
    """The class (V,) that two of a face's corners share, else its first corner's."""
    a, b, c = of[faces].T
    return np.asarray(np.where(b == c, b, a))


@dataclass(frozen=True)
class Collar:
    """A neck's opening: metres over the neck's base behind, how much lower in front, half width."""

    high: float = 0.045
    drop: float = 0.05
    wide: float = 0.085


def tops(
    form: Form, sleeve: float, hem: float, collar: Collar | None = None, size: float = 1.0
) -> Array:
    """Where a top is: over `hem` (metres over the hips), up to `sleeve` along the arm.

    Under a plane through the collar, whose measures are for bodies of that `size`. Without a
    sleeve (0 or less) it ends where the arm begins.
    """
    collar = collar or Collar()
    body = form.body
    away = (body.vertices - form.neck) / size
    front, rear = (
        np.array([0.0, -0.055, collar.high - collar.drop]),
        np.array([0, 0.055, collar.high]),
    )
    rise = np.cross([1.0, 0, 0], unit(rear - front))
    inside = -(away - front) @ rise
    inside = inside + 1.5 * np.maximum(0, np.abs(away[:, 0]) - collar.wide)
    inside = np.where(body.weight_of("head") > 0.5, -0.02, inside)
    arm = (sleeve - form.arm) * 0.25
    if sleeve <= 0:
        arm = (0.5 + sleeve - body.weight_of(*ARM_BONES)) * 0.12
    trunk = np.where(form.arm > 0.3, 0.3, form.height - hem)  # sleeves have hems of their own
    return np.asarray(np.minimum(np.minimum(inside, arm), trunk))


def bottoms(form: Form, waist: float, length: float) -> Array:
    """Where trousers or shorts are: below `waist` (metres over the hips), down to `length` along
    the leg."""
    below = np.minimum(waist - form.height, (length - form.leg) * 0.4)
    return np.minimum(below, 0.3 - form.arm * 0.3)


@dataclass(frozen=True)
class Drop:
    """Rings that hang from the trunk, from `top` down to `bottom` (metres over the hips).

    `flare` metres wider at the hem, which has `waves` of that `depth`; `ease` off the body;
    `opening` degrees left open in front. `follow`: how much the hem follows the thighs, how much
    of that the shins, and how much the top follows the spine. `size` is the body's.
    """

    material: str
    label: Label
    top: float
    bottom: float
    flare: float
    ease: float = 0.008
    waves: int = 11
    depth: float = 0.02
    opening: float = 0.0
    follow: tuple[float, float, float] = (0.92, 0.55, 1.0)
    size: float = 1.0


def hang(form: Form, drop: Drop) -> Layer:
    """A skirt, or what hangs of a dress or coat: round waist, hips and thighs, then free."""
    v = form.body.vertices[form.body.weight_of(*ARM_BONES) < 0.02]
    heights = np.linspace(drop.top, drop.bottom, 44)
    half = drop.opening / 2
    angles = np.radians(np.linspace(half - 90, 270 - half, 200, endpoint=drop.opening > 0))
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # -90 degrees is the front
    centre = np.array([0.0, np.median(v[np.abs(v[:, 2] - form.hip[2]) < 0.02][:, 1])])
    radius = np.zeros((len(heights), len(angles)))
    for k, height in enumerate(heights):
        level = form.hip[2] + max(height, -0.25 * drop.size)
        near = v[np.abs(v[:, 2] - level) < 0.012 * drop.size]
        radius[k] = outline(near[:, :2] - centre, ways) + drop.ease
    fall = np.clip((drop.top - heights) / (drop.top - drop.bottom), 0, 1)
    for k in range(1, len(heights)):
        radius[k] = np.maximum(
            radius[k], radius[k - 1] + drop.flare * (fall[k] - fall[k - 1]) * 0.5
        )
        radius[k] = np.maximum(radius[k], radius[0] + drop.flare * fall[k])
    for _ in range(3):
        radius[1:-1] = 0.5 * radius[1:-1] + 0.25 * (radius[:-2] + radius[2:])
    wave = np.cos(drop.waves * angles + 0.9 * np.sin(2 * angles) + 1.0)
    wave = wave + 0.35 * np.cos((drop.waves + 6) * angles)
    radius += drop.depth * wave[None, :] * (fall[:, None] ** 1.3)
    flat = centre + radius[:, :, None] * ways
    high = np.broadcast_to(form.hip[2] + heights[:, None, None], (*radius.shape, 1))
    spots, faces = loft(np.concatenate([flat, high], axis=2), closed=drop.opening == 0)
    return Layer(drop.material, drop.label, spots, spots, faces, _hanging(form, drop, spots))


def hung_cover(form: Form, drop: Drop) -> Array:
    """(V,) metres inside what hangs, where it hides the body; nowhere if it is open in front."""
    if drop.opening > 0:
        return np.full(len(form.height), -1.0)
    inside = np.minimum(drop.top - form.height, form.height - drop.bottom)
    return np.where((form.arm > 0) | (form.hand > 0.1), -1.0, inside)


def _hanging(form: Form, drop: Drop, spots: Array) -> Array:
    """(N, J) over the hips with the pelvis, below with the legs, their inner halves with both."""
    body = form.body
    thighs, shins, spine = drop.follow
    low = (form.hip[2] - spots[:, 2]) / drop.size
    legs = np.clip(low / 0.25, 0, 1) * thighs
    shins = np.clip(low / 0.25 - 1.4, 0, 1) * shins
    left = np.clip(spots[:, 0] / (0.16 * drop.size) + 0.5, 0, 1)
    weights = np.zeros((len(spots), len(body.labels)))
    for side, share in (("L", left), ("R", 1 - left)):
        weights[:, body.index(f"upperleg01.{side}")] = legs * share * (1 - shins)
        weights[:, body.index(f"lowerleg01.{side}")] = legs * share * shins
    high = np.clip((spots[:, 2] - form.hip[2]) / (0.4 * form.trunk), 0, 1) * spine
    weights[:, body.index("spine04")] = (1 - legs) * high
    weights[:, 0] = (1 - legs) * (1 - high)
    return weights
