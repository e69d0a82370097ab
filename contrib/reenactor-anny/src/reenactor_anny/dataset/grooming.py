"""Shoes, hair and what is worn on the head and neck, drawn at random."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from reenactor.labels import Label
from reenactor_anny.clothes import Cloth, bare
from reenactor_anny.dataset import look
from reenactor_anny.dataset.worn import Worn
from reenactor_anny.hair import BALDING, LONG, SHORT, TIED, Head, Line, Locks, ball, cap, hairline
from reenactor_anny.hairdos import beard, cropped, loose, swept, tail, tied
from reenactor_anny.headwear import brim, hat, sunglasses
from reenactor_anny.mesh import Array, Layer
from reenactor_anny.paint import cloth_painter, plain
from reenactor_anny.shoes import Shoe, shoe_cover, shoes


def put_on_shoes(worn: Worn) -> None:
    """Barefoot, shoes, low shoes or boots; perhaps socks."""
    rng, form = worn.rng, worn.form
    kind = rng.choice(4, p=[0.08, 0.52, 0.22, 0.18])
    sock = worn.chance(0.55)
    sole = worn.between(0.008, 0.03)
    if kind:
        shoe = Shoe(sole, worn.material(look.shoe(rng)), solid=1.0, size=form.size)
        if kind == 1:
            shoe = replace(shoe, room=worn.between(0.004, 0.010))
        if kind == 2:
            shoe = replace(shoe, room=0.004, low=True)
            sock = worn.chance(0.2)
        if kind == 3:
            shoe = replace(shoe, room=worn.between(0.006, 0.012), shaft=worn.between(1.1, 1.75))
        worn.add(*shoes(form, shoe))
        worn.cover(shoe_cover(form, shoe))
    if sock:
        top = float(rng.choice([rng.uniform(1.75, 1.86), rng.uniform(1.15, 1.7)], p=[0.7, 0.3]))
        field = np.where(form.leg > 0, (form.leg - top) * 0.4, -0.1)
        worn.sew(Cloth(worn.material(look.cloth(rng)), Label.SOCKS, field, 0.0035, 4))


def do_hair(worn: Worn, age: float, *, feminine: bool) -> Line | None:
    """From bald to long, tied up or not; gives the hairline that is painted on the scalp."""
    rng, form = worn.rng, worn.form
    head = Head.of(form.body)
    if age < 0.12:
        kind = int(rng.choice([0, 1, 2], p=[0.4, 0.5, 0.1]))
    elif feminine:
        kind = int(rng.choice(8, p=[0.01, 0.07, 0.04, 0.04, 0.19, 0.34, 0.19, 0.12]))
    else:
        kind = int(rng.choice(8, p=[0.08, 0.52, 0.13, 0.11, 0.05, 0.05, 0.03, 0.03]))
    # bald, short, shorn, full, bob, long, tail, knot
    if kind == 0:
        if not worn.chance(0.5):
            return None
        worn.add(cap(form, hairline(form.body, BALDING), 0.005))
        return BALDING
    if not feminine and age > 0.62 and worn.chance(0.2):
        worn.add(*beard(form))
    size, seed = head.size, int(rng.integers(1000))
    if kind == 2:
        worn.add(cap(form, hairline(form.body, SHORT), 0.004))
        return SHORT
    if kind in (1, 3):
        full = worn.between(0.02, 0.06) if kind == 3 else 0.0
        long = (worn.between(0.012, 0.05) + full) * size
        locks = Locks(900, _all(long), width=0.012 * size, lift=0.6, wave=worn.between(0, 0.007),
                      margin=0.002, spread=0.006, steps=6, seed=seed)  # fmt: skip
        do = cropped if kind == 3 or worn.chance(0.4) else swept
        worn.add(*do(form, SHORT, (0.009 + full * 0.6) * size, locks))
        return SHORT
    if kind in (4, 5):
        long = (worn.between(0.13, 0.22) if kind == 4 else worn.between(0.25, 0.5)) * size
        locks = Locks(500, _all(long), width=0.019 * size, lift=0.15, fall=0.8,
                      wave=worn.between(0, 0.004), margin=0.006, spread=0.016, steps=14,
                      seed=seed, stiff=0.55)  # fmt: skip
        worn.add(*loose(form, LONG, 0.006 * size, locks, _shore(worn)))
        return LONG
    high = worn.between(0.0, 1.0)
    knot = np.array([0, head.back + 0.01 * size, head.eye[2] + high * head.tall])
    if high > 0.7:
        knot = head.centre + head.tall * np.array([0, 0.35, 0.95])
    locks = Locks(400, _all(1.02), width=0.0125 * size, lift=0.1, margin=0.002, spread=0.004,
                  steps=7, stiff=0.3, seed=seed)  # fmt: skip
    worn.add(*tied(form, TIED, 0.008 * size, locks, knot))
    if kind == 7:
        worn.add(ball(form.body, knot, worn.between(0.03, 0.05) * size))
        return TIED
    hanging = Locks(90, _all(worn.between(0.15, 0.4) * size), width=0.018 * size, lift=0.4,
                    margin=0.008, spread=0.02, steps=14, seed=seed, stiff=0.7)  # fmt: skip
    worn.add(*tail(form, knot, hanging, _shore(worn)))
    return TIED


def _all(value: float) -> Callable[[Array], Array]:
    """The same for every lock."""
    return lambda root: np.full(len(root), value)


def _shore(worn: Worn) -> list[Layer]:
    """What long hair lies on: skin and the garments."""
    nowhere = np.zeros(len(worn.form.body.vertices))
    return [bare(worn.form, nowhere, worn.covers), *worn.layers]


def add_accessories(worn: Worn, *, cold: bool) -> None:
    """Seldom: a hat, sunglasses, a scarf, gloves."""
    rng, form = worn.rng, worn.form
    head = Head.of(form.body)
    if worn.chance(0.12):
        material = worn.material(look.cloth(rng))
        low = worn.between(0.2, 0.5)
        worn.add(hat(form, material, low, worn.between(0.15, 0.3) * head.tall))
        kind = rng.choice(3)
        if kind:
            wide = worn.between(0.5, 0.9) * head.tall
            worn.add(brim(form, material, low, wide, front=bool(kind == 1)))
    if worn.chance(0.06):
        material = worn.material(plain("#0a0a0d"))
        worn.add(sunglasses(form, material, worn.between(0.016, 0.026) * head.size))
    if worn.chance(0.14 if cold else 0.03):
        material = worn.material(look.cloth(rng))
        height = form.body.vertices[:, 2] - form.neck[2]
        field = np.minimum(0.06 * worn.size - height, height + 0.05 * worn.size)
        field = np.minimum(field, 0.11 * worn.size - np.abs(form.side))
        worn.sew(Cloth(material, Label.SCARF, field, worn.ease(0.03, 0.06), 10), hides=False)
    if worn.chance(0.06 if cold else 0.01):
        material = worn.material(cloth_painter(look.leather(rng), crease=0.05))
        field = (form.arm - worn.between(1.8, 1.95)) * 0.25
        worn.sew(Cloth(material, Label.GLOVES, field, 0.004, 3))
