"""Who a person is and what they wear, drawn at random; the result is one figure of layers."""

from dataclasses import dataclass
from typing import final

import numpy as np

from reenactor.labels import Label
from reenactor_plugins.datasets.anny import hair as hairdo
from reenactor_plugins.datasets.anny import look
from reenactor_plugins.datasets.anny.cloth import (
    Cloth,
    Collar,
    Drop,
    Form,
    hang,
    hung_cover,
    lower_part,
    sew,
    upper_part,
)
from reenactor_plugins.datasets.anny.mesh import Layer, Values
from reenactor_plugins.datasets.anny.shoes import Shoe, shoe_cover, shoes

UNDER = 0.02
"""What lies that far (metres) inside a garment's hems is not seen, and left out."""

Phenotype = dict[str, float]


def phenotype(rng: np.random.Generator) -> Phenotype:
    """From infants to elders, of all builds; three of four are grown up.

    `gender` runs from 0 (male) to 1 (female), `age` from 0 (newborn) over 1/3 (child) and 2/3
    (young adult) to 1 (elder).
    """
    kind = rng.choice(3, p=[0.76, 0.17, 0.07])
    low, high = ((0.52, 1.0), (0.18, 0.52), (0.04, 0.18))[kind]
    ancestry = rng.dirichlet([0.8, 0.8, 0.8])
    gender = rng.beta(0.5, 0.5)
    return {
        "gender": float(gender),
        "age": float(rng.uniform(low, high)),
        "muscle": float(rng.beta(2.2, 2.2)),
        "weight": float(rng.beta(1.8, 1.8)),
        "height": float(np.clip(rng.normal(0.42, 0.09), 0.15, 0.7)),
        "proportions": float(rng.uniform(0.3, 1.0)),
        "cupsize": float(rng.uniform(0.2, 0.8)),
        "firmness": float(rng.uniform(0.3, 0.8)),
        "african": float(ancestry[0]),
        "asian": float(ancestry[1]),
        "caucasian": float(ancestry[2]),
    }


@dataclass(frozen=True)
class Outfit:
    """What is worn: `layers`, the fields that hide skin, and what everything is made of."""

    layers: tuple[Layer, ...]
    covers: tuple[Values, ...]
    stuffs: tuple[look.Stuff, ...]


@final
class Dresser:
    """Dresses one form. Outer garments are cut first: what they hide is cut off the inner ones."""

    def __init__(self, form: Form, traits: Phenotype, rng: np.random.Generator) -> None:
        self._form = form
        self._traits = traits
        self._rng = rng
        self._layers: list[Layer] = []
        self._covers: list[Values] = []
        self._stuffs: list[look.Stuff] = [look.skin(rng), look.hair(rng, traits["age"])]
        self._size = form.m.size

    def dress(self) -> Outfit:
        rng = self._rng
        feminine = self._traits["gender"] > 0.5
        cold = rng.random() < 0.30
        if cold:
            self._coat()
        if feminine and rng.random() < 0.28:
            self._dress()
        else:
            skirted = feminine and rng.random() < 0.28
            tucked = rng.random() < (0.6 if skirted else 0.25)
            if tucked:
                self._lower(skirted)
                self._top(tucked=True)
            else:
                self._top(tucked=False)
                self._lower(skirted)
        self._feet()
        self._hair(feminine)
        self._accessories(cold)
        return Outfit(tuple(self._layers), tuple(self._covers), tuple(self._stuffs))

    def _stuff(self, stuff: look.Stuff) -> int:
        self._stuffs.append(stuff)
        return len(self._stuffs) - 1

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _sew(self, cloth: Cloth, *, hides: bool = True) -> None:
        keep = cloth.keep
        for cover in self._covers:
            keep = np.minimum(keep, UNDER + 0.015 - cover)
        if (keep > 0).sum() > 30:
            worn = Cloth(cloth.label, cloth.stuff, keep, cloth.ease, cloth.taut, cloth.spread)
            self._layers.append(sew(self._form, worn))
        if hides:
            self._covers.append(cloth.keep)

    def _hang(self, drop: Drop) -> None:
        self._layers.append(hang(self._form, drop))
        self._covers.append(hung_cover(self._form, drop))

    def _ease(self, low: float, high: float) -> float:
        """Mostly near the lower end."""
        return float(low + (high - low) * self._rng.random() ** 1.7) * max(self._size, 0.55)

    def _sleeve(self) -> float:
        rng = self._rng
        kind = rng.choice(4, p=[0.16, 0.36, 0.10, 0.38])
        return float(
            (-0.02, rng.uniform(0.35, 0.8), rng.uniform(0.9, 1.6), rng.uniform(1.7, 2.0))[kind]
        )

    def _collar(self) -> Collar:
        rng = self._rng
        deep = rng.choice(3, p=[0.6, 0.25, 0.15])
        return (
            Collar(0.03, float(rng.uniform(0.03, 0.07)), 0.085),
            Collar(0.02, float(rng.uniform(0.08, 0.14)), 0.10),
            Collar(0.055, 0.01, 0.09),
        )[deep]

    def _loosened(self, ease: float, arm: float, hem: float) -> Values:
        """Ease that grows down the arm and to the hem, and is small at the neck."""
        m = self._form.m
        away = np.linalg.norm(self._form.body.points - m.neck, axis=1) / m.size
        grown = ease + arm * np.clip(m.arm, 0, 1.6) + hem * np.clip(0.4 - m.height, 0, 0.6)
        return np.asarray(grown * (1 - 0.7 * np.exp(-((away / 0.10) ** 2))))

    def _top(self, *, tucked: bool) -> None:
        rng = self._rng
        stuff = self._stuff(look.cloth(rng))
        ease = self._ease(0.005, 0.05)
        sleeve, loose = self._sleeve(), self._ease(0.0, 0.03)
        hem = float(rng.uniform(0.16, 0.22)) if tucked else float(rng.uniform(-0.02, 0.22))
        field = upper_part(self._form, sleeve, hem if tucked else max(hem, 0.04), self._collar())
        eases = self._loosened(ease, loose, 0.0 if tucked else 0.5 * ease)
        self._sew(Cloth(Label.UPPER_CLOTHES, stuff, field, eases))
        if not tucked and hem < 0.08:
            length = float(rng.uniform(0.02, 0.34))
            drop = Drop(Label.UPPER_CLOTHES, stuff, 0.10, length, self._ease(0.0, 0.05),
                        ease * 1.25 + 0.004, 7, 0.006)  # fmt: skip
            self._hang(drop)

    def _lower(self, skirted: bool) -> None:
        rng = self._rng
        stuff = self._stuff(look.cloth(rng))
        waist = float(rng.uniform(0.10, 0.28))
        if skirted:
            length = float(
                rng.choice([rng.uniform(0.35, 0.75), rng.uniform(0.8, 1.2), rng.uniform(1.4, 1.9)])
            )
            drop = Drop(Label.SKIRT, stuff, waist, length, self._ease(0.0, 0.22), 0.008,
                        int(rng.integers(6, 12)), float(rng.uniform(0.0, 0.025)))  # fmt: skip
            self._hang(drop)
            if self._chance(0.25):
                self._tights()
            return
        short = self._chance(0.25)
        length = float(rng.uniform(0.35, 1.15) if short else rng.uniform(1.55, 1.96))
        ease, flare = self._ease(0.004, 0.028), self._ease(0.0, 0.05)
        m = self._form.m
        eases = ease + flare * np.clip(m.leg - 0.15, 0, 1.6) * (1.0 if short else 0.6)
        self._sew(Cloth(Label.PANTS, stuff, lower_part(self._form, waist, length), eases, 14))

    def _tights(self) -> None:
        stuff = self._stuff(look.cloth(self._rng))
        field = lower_part(self._form, 0.1, 1.95)
        self._sew(Cloth(Label.PANTS, stuff, field, 0.003, 2))

    def _dress(self) -> None:
        rng = self._rng
        stuff = self._stuff(look.cloth(rng))
        ease = self._ease(0.005, 0.03)
        field = upper_part(self._form, self._sleeve(), 0.12, self._collar())
        self._sew(Cloth(Label.DRESS, stuff, field, self._loosened(ease, 0.01, 0.0)))
        length = float(
            rng.choice([rng.uniform(0.45, 0.9), rng.uniform(0.9, 1.3), rng.uniform(1.4, 1.95)])
        )
        drop = Drop(Label.DRESS, stuff, 0.16, length, self._ease(0.0, 0.25), ease + 0.003,
                    int(rng.integers(6, 12)), float(rng.uniform(0.0, 0.03)))  # fmt: skip
        self._hang(drop)
        if self._chance(0.2):
            self._tights()

    def _coat(self) -> None:
        rng, m = self._rng, self._form.m
        stuff = self._stuff(look.cloth(rng))
        ease = self._ease(0.024, 0.06)
        field = upper_part(
            self._form, float(rng.uniform(1.6, 2.03)), 0.04, Collar(0.05, 0.05, 0.10)
        )
        opened = self._chance(0.7)
        gap = float(rng.uniform(0.02, 0.08)) * m.size
        if opened:
            ahead = self._form.outward[:, 2] < 0.3
            field = np.where(ahead & (m.arm < 0.2), np.minimum(field, np.abs(m.side) - gap), field)
        self._sew(Cloth(Label.COAT, stuff, field, self._loosened(ease, 0.012, 0.0)))
        if self._chance(0.7):
            length = float(rng.uniform(0.05, 0.5) if self._chance(0.6) else rng.uniform(0.6, 1.4))
            angle = float(np.degrees(np.arcsin(min(0.9, gap / (0.17 * m.size))))) * 2
            drop = Drop(Label.COAT, stuff, 0.10, length, self._ease(0.01, 0.12), ease * 1.15,
                        6, 0.008, angle if opened else 0.0)  # fmt: skip
            self._hang(drop)

    def _feet(self) -> None:
        rng = self._rng
        kind = rng.choice(4, p=[0.08, 0.52, 0.22, 0.18])
        sock = self._chance(0.55)
        if kind == 1:
            shoe = Shoe(self._stuff(look.leather(rng)), 1.9,
                        rng.uniform(0.004, 0.011), rng.uniform(0.01, 0.03))  # fmt: skip
        elif kind == 2:
            sock = self._chance(0.2)
            shoe = Shoe(
                self._stuff(look.leather(rng)), 1.9, 0.004, rng.uniform(0.004, 0.02), low=True
            )
        elif kind == 3:
            shoe = Shoe(self._stuff(look.leather(rng)), rng.uniform(1.1, 1.75),
                        rng.uniform(0.006, 0.012), rng.uniform(0.01, 0.035))  # fmt: skip
        if kind:
            self._layers += shoes(self._form, shoe)
            self._covers.append(shoe_cover(self._form, shoe))
        if sock:
            top = float(rng.choice([rng.uniform(1.75, 1.86), rng.uniform(1.15, 1.7)], p=[0.7, 0.3]))
            stuff = self._stuff(look.cloth(rng))
            field = np.where(self._form.m.leg > 0, (self._form.m.leg - top) * 0.4, -0.1)
            self._sew(Cloth(Label.SOCKS, stuff, field, 0.0035, 2))

    def _hair(self, feminine: bool) -> None:
        rng, form = self._rng, self._form
        head = hairdo.Head.of(form)
        tall, age = head.tall, self._traits["age"]
        if age < 0.12:
            kind = int(rng.choice([0, 1, 2], p=[0.4, 0.5, 0.1]))
        elif feminine:
            kind = int(rng.choice(8, p=[0.01, 0.07, 0.04, 0.04, 0.19, 0.34, 0.19, 0.12]))
        else:
            kind = int(rng.choice(8, p=[0.08, 0.52, 0.13, 0.11, 0.05, 0.05, 0.03, 0.03]))
        # bald, short, shorn, full, bob, long, tail, knot
        if kind == 0:
            if self._chance(0.5):
                field = hairdo.hairline(form, head, hairdo.BALDING)
                self._layers.append(hairdo.cap(form, 1, field, 0.006 * self._size))
            return
        line = (hairdo.SHORT, hairdo.SHORT, hairdo.SHORT, hairdo.SHORT, hairdo.LONG, hairdo.LONG,
                hairdo.HIGH, hairdo.HIGH)[kind]  # fmt: skip
        field = hairdo.hairline(form, head, line)
        thick = (0, rng.uniform(0.10, 0.28), 0.05, rng.uniform(0.35, 0.85), rng.uniform(0.15, 0.3),
                 rng.uniform(0.10, 0.3), 0.08, 0.09)[kind] * tall  # fmt: skip
        self._layers.append(hairdo.cap(form, 1, field, float(thick)))
        opening = float(rng.uniform(50, 85))
        if kind == 4:
            length = float(rng.uniform(0.55, 1.2))
            self._layers.append(hairdo.curtain(form, head, 1, length, float(thick), opening))
        if kind == 5:
            length = float(rng.uniform(1.3, 4.0))
            self._layers.append(hairdo.curtain(form, head, 1, length, float(thick), opening))
        if kind == 6:
            length, high = float(rng.uniform(1.0, 3.2)), float(rng.uniform(0.0, 0.9))
            self._layers.append(hairdo.tail(form, head, 1, length, high))
        if kind == 7:
            high = float(rng.uniform(0.0, 1.0))
            centre = np.array([0, head.eye[1] - high * tall, head.back])
            if high > 0.7:
                centre = np.array([0, head.eye[1] - 1.1 * tall, head.centre[2] + 0.25 * tall])
            self._layers.append(hairdo.ball(form, 1, centre, float(rng.uniform(0.25, 0.42)) * tall))

    def _accessories(self, cold: bool) -> None:
        rng, form = self._rng, self._form
        head = hairdo.Head.of(form)
        if self._chance(0.12):
            stuff = self._stuff(look.cloth(rng))
            low = float(rng.uniform(0.2, 0.5))
            self._layers.append(
                hairdo.hat(form, head, stuff, low, float(rng.uniform(0.12, 0.3)) * head.tall)
            )
            kind = rng.choice(3)
            if kind:
                wide = float(rng.uniform(0.5, 0.9)) * head.tall
                self._layers.append(
                    hairdo.brim(form, head, stuff, low, wide, front=bool(kind == 1))
                )
        if self._chance(0.06):
            stuff = self._stuff(look.Stuff((0.04, 0.04, 0.05)))
            self._layers.append(
                hairdo.sunglasses(form, head, stuff, float(rng.uniform(0.016, 0.026)) * self._size)
            )
        if self._chance(0.14 if cold else 0.03):
            stuff = self._stuff(look.cloth(rng))
            height = form.m.neck[1] - form.body.points[:, 1]
            away = np.abs(form.body.points[:, 0])
            field = np.minimum(0.06 * self._size - height, height + 0.05 * self._size)
            field = np.minimum(field, 0.11 * self._size - away)
            self._sew(Cloth(Label.SCARF, stuff, field, self._ease(0.03, 0.06), 10), hides=False)
        if self._chance(0.06 if cold else 0.01):
            stuff = self._stuff(look.leather(rng))
            field = (form.m.arm - float(rng.uniform(1.8, 1.95))) * 0.25
            self._sew(Cloth(Label.GLOVES, stuff, field, 0.004, 3))
