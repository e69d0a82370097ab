"""Shoes, hair and what is worn on the head and neck."""

import numpy as np

from reenactor.labels import Label
from reenactor_plugins.datasets.anny import hair as hairdo
from reenactor_plugins.datasets.anny import look
from reenactor_plugins.datasets.anny.cloth import Cloth
from reenactor_plugins.datasets.anny.shoes import Shoe, shoe_cover, shoes
from reenactor_plugins.datasets.anny.worn import Worn


def put_on_shoes(worn: Worn) -> None:
    """Barefoot, shoes, low shoes or boots; perhaps socks."""
    rng, m = worn.rng, worn.form.m
    kind = rng.choice(4, p=[0.08, 0.52, 0.22, 0.18])
    sock = worn.chance(0.55)
    if kind == 1:
        shoe = Shoe(worn.stuff(look.leather(rng)), 1.9,
                    rng.uniform(0.004, 0.011), rng.uniform(0.01, 0.03))  # fmt: skip
    elif kind == 2:
        sock = worn.chance(0.2)
        shoe = Shoe(worn.stuff(look.leather(rng)), 1.9, 0.004, rng.uniform(0.004, 0.02), low=True)
    elif kind == 3:
        shoe = Shoe(worn.stuff(look.leather(rng)), rng.uniform(1.1, 1.75),
                    rng.uniform(0.006, 0.012), rng.uniform(0.01, 0.035))  # fmt: skip
    if kind:
        worn.add(*shoes(worn.form, shoe))
        worn.cover(shoe_cover(worn.form, shoe))
    if sock:
        top = float(rng.choice([rng.uniform(1.75, 1.86), rng.uniform(1.15, 1.7)], p=[0.7, 0.3]))
        stuff = worn.stuff(look.cloth(rng))
        field = np.where(m.leg > 0, (m.leg - top) * 0.4, -0.1)
        worn.sew(Cloth(Label.SOCKS, stuff, field, 0.0035, 2))


def do_hair(worn: Worn, age: float, *, feminine: bool) -> None:
    """From bald to long, tied up or not."""
    rng, form = worn.rng, worn.form
    head = hairdo.Head.of(form)
    tall = head.tall
    if age < 0.12:
        kind = int(rng.choice([0, 1, 2], p=[0.4, 0.5, 0.1]))
    elif feminine:
        kind = int(rng.choice(8, p=[0.01, 0.07, 0.04, 0.04, 0.19, 0.34, 0.19, 0.12]))
    else:
        kind = int(rng.choice(8, p=[0.08, 0.52, 0.13, 0.11, 0.05, 0.05, 0.03, 0.03]))
    # bald, short, shorn, full, bob, long, tail, knot
    if kind == 0:
        if worn.chance(0.5):
            field = hairdo.hairline(form, head, hairdo.BALDING)
            worn.add(hairdo.cap(form, 1, field, 0.006 * worn.size))
        return
    line = (hairdo.SHORT, hairdo.SHORT, hairdo.SHORT, hairdo.SHORT, hairdo.LONG, hairdo.LONG,
            hairdo.HIGH, hairdo.HIGH)[kind]  # fmt: skip
    field = hairdo.hairline(form, head, line)
    thick = (0, rng.uniform(0.10, 0.28), 0.05, rng.uniform(0.35, 0.85), rng.uniform(0.15, 0.3),
             rng.uniform(0.10, 0.3), 0.08, 0.09)[kind] * tall  # fmt: skip
    worn.add(hairdo.cap(form, 1, field, float(thick)))
    opening = worn.between(50.0, 85.0)
    if kind == 4:
        length = worn.between(0.55, 1.2)
        worn.add(hairdo.curtain(form, head, 1, length, float(thick), opening))
    if kind == 5:
        length = worn.between(1.3, 4.0)
        worn.add(hairdo.curtain(form, head, 1, length, float(thick), opening))
    if kind == 6:
        length, high = worn.between(1.0, 3.2), worn.between(0.0, 0.9)
        worn.add(hairdo.tail(form, head, 1, length, high))
    if kind == 7:
        high = worn.between(0.0, 1.0)
        centre = np.array([0, head.eye[1] - high * tall, head.back])
        if high > 0.7:
            centre = np.array([0, head.eye[1] - 1.1 * tall, head.centre[2] + 0.25 * tall])
        worn.add(hairdo.ball(form, 1, centre, worn.between(0.25, 0.42) * tall))


def add_accessories(worn: Worn, *, cold: bool) -> None:
    """Seldom: a hat, sunglasses, a scarf, gloves."""
    rng, form = worn.rng, worn.form
    head = hairdo.Head.of(form)
    if worn.chance(0.12):
        stuff = worn.stuff(look.cloth(rng))
        low = worn.between(0.2, 0.5)
        worn.add(hairdo.hat(form, head, stuff, low, worn.between(0.12, 0.3) * head.tall))
        kind = rng.choice(3)
        if kind:
            wide = worn.between(0.5, 0.9) * head.tall
            worn.add(hairdo.brim(form, head, stuff, low, wide, front=bool(kind == 1)))
    if worn.chance(0.06):
        stuff = worn.stuff(look.Stuff((0.04, 0.04, 0.05)))
        worn.add(hairdo.sunglasses(form, head, stuff, worn.between(0.016, 0.026) * worn.size))
    if worn.chance(0.14 if cold else 0.03):
        stuff = worn.stuff(look.cloth(rng))
        height = form.m.neck[1] - form.body.points[:, 1]
        away = np.abs(form.body.points[:, 0])
        field = np.minimum(0.06 * worn.size - height, height + 0.05 * worn.size)
        field = np.minimum(field, 0.11 * worn.size - away)
        worn.sew(Cloth(Label.SCARF, stuff, field, worn.ease(0.03, 0.06), 10), hides=False)
    if worn.chance(0.06 if cold else 0.01):
        stuff = worn.stuff(look.leather(rng))
        field = (form.m.arm - worn.between(1.8, 1.95)) * 0.25
        worn.sew(Cloth(Label.GLOVES, stuff, field, 0.004, 3))
