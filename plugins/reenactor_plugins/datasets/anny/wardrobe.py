"""Tops, trousers, skirts, dresses and coats, drawn at random and put on."""

from typing import final

import numpy as np

from reenactor.labels import Label
from reenactor_plugins.datasets.anny import look
from reenactor_plugins.datasets.anny.cloth import (
    Cloth,
    Collar,
    Drop,
    Form,
    lower_part,
    upper_part,
)
from reenactor_plugins.datasets.anny.grooming import add_accessories, do_hair, put_on_shoes
from reenactor_plugins.datasets.anny.mesh import Values
from reenactor_plugins.datasets.anny.phenotype import Phenotype
from reenactor_plugins.datasets.anny.worn import Outfit, Worn


def dress(form: Form, traits: Phenotype, rng: np.random.Generator) -> Outfit:
    """Everything that one person wears, hair included."""
    worn = Worn(form, rng, traits["age"])
    feminine = traits["gender"] > 0.5
    cold = worn.chance(0.30)
    _Dresser(worn).dress(feminine=feminine, cold=cold)
    put_on_shoes(worn)
    do_hair(worn, traits["age"], feminine=feminine)
    add_accessories(worn, cold=cold)
    return worn.outfit()


@final
class _Dresser:
    """Puts on what is worn between neck and ankles."""

    def __init__(self, worn: Worn) -> None:
        self._worn = worn

    def dress(self, *, feminine: bool, cold: bool) -> None:
        if cold:
            self._coat()
        if feminine and self._worn.chance(0.28):
            self._dress()
            return
        skirted = feminine and self._worn.chance(0.28)
        if self._worn.chance(0.6 if skirted else 0.25):
            self._lower(skirted)
            self._top(tucked=True)
        else:
            self._top(tucked=False)
            self._lower(skirted)

    def _sleeve(self) -> float:
        rng = self._worn.rng
        kind = rng.choice(4, p=[0.16, 0.36, 0.10, 0.38])
        return float(
            (-0.02, rng.uniform(0.35, 0.8), rng.uniform(0.9, 1.6), rng.uniform(1.7, 2.0))[kind]
        )

    def _collar(self) -> Collar:
        rng = self._worn.rng
        deep = rng.choice(3, p=[0.6, 0.25, 0.15])
        return (
            Collar(0.03, self._worn.between(0.03, 0.07), 0.085),
            Collar(0.02, self._worn.between(0.08, 0.14), 0.10),
            Collar(0.055, 0.01, 0.09),
        )[deep]

    def _loosened(self, ease: float, arm: float, hem: float) -> Values:
        """Ease that grows down the arm and to the hem, and is small at the neck."""
        m = self._worn.form.m
        away = np.linalg.norm(self._worn.form.body.points - m.neck, axis=1) / m.size
        grown = ease + arm * np.clip(m.arm, 0, 1.6) + hem * np.clip(0.4 - m.height, 0, 0.6)
        return np.asarray(grown * (1 - 0.7 * np.exp(-((away / 0.10) ** 2))))

    def _top(self, *, tucked: bool) -> None:
        rng = self._worn.rng
        stuff = self._worn.stuff(look.cloth(rng))
        ease = self._worn.ease(0.005, 0.05)
        sleeve, loose = self._sleeve(), self._worn.ease(0.0, 0.03)
        hem = self._worn.between(0.16, 0.22) if tucked else self._worn.between(-0.02, 0.22)
        lowest = hem if tucked else max(hem, 0.04)
        field = upper_part(self._worn.form, sleeve, lowest, self._collar())
        eases = self._loosened(ease, loose, 0.0 if tucked else 0.5 * ease)
        self._worn.sew(Cloth(Label.UPPER_CLOTHES, stuff, field, eases))
        if not tucked and hem < 0.08:
            length = self._worn.between(0.02, 0.34)
            drop = Drop(Label.UPPER_CLOTHES, stuff, 0.10, length, self._worn.ease(0.0, 0.05),
                        ease * 1.25 + 0.004, 7, 0.006)  # fmt: skip
            self._worn.hang(drop)

    def _lower(self, skirted: bool) -> None:
        rng = self._worn.rng
        stuff = self._worn.stuff(look.cloth(rng))
        waist = self._worn.between(0.10, 0.28)
        if skirted:
            length = float(
                rng.choice([rng.uniform(0.35, 0.75), rng.uniform(0.8, 1.2), rng.uniform(1.4, 1.9)])
            )
            drop = Drop(Label.SKIRT, stuff, waist, length, self._worn.ease(0.0, 0.22), 0.008,
                        int(rng.integers(6, 12)), self._worn.between(0.0, 0.025))  # fmt: skip
            self._worn.hang(drop)
            if self._worn.chance(0.25):
                self._tights()
            return
        short = self._worn.chance(0.25)
        length = float(rng.uniform(0.35, 1.15) if short else rng.uniform(1.55, 1.96))
        ease, flare = self._worn.ease(0.004, 0.028), self._worn.ease(0.0, 0.05)
        m = self._worn.form.m
        eases = ease + flare * np.clip(m.leg - 0.15, 0, 1.6) * (1.0 if short else 0.6)
        self._worn.sew(
            Cloth(Label.PANTS, stuff, lower_part(self._worn.form, waist, length), eases, 14)
        )

    def _tights(self) -> None:
        stuff = self._worn.stuff(look.cloth(self._worn.rng))
        field = lower_part(self._worn.form, 0.1, 1.95)
        self._worn.sew(Cloth(Label.PANTS, stuff, field, 0.003, 2))

    def _dress(self) -> None:
        rng = self._worn.rng
        stuff = self._worn.stuff(look.cloth(rng))
        ease = self._worn.ease(0.005, 0.03)
        field = upper_part(self._worn.form, self._sleeve(), 0.12, self._collar())
        self._worn.sew(Cloth(Label.DRESS, stuff, field, self._loosened(ease, 0.01, 0.0)))
        length = float(
            rng.choice([rng.uniform(0.45, 0.9), rng.uniform(0.9, 1.3), rng.uniform(1.4, 1.95)])
        )
        drop = Drop(Label.DRESS, stuff, 0.16, length, self._worn.ease(0.0, 0.25), ease + 0.003,
                    int(rng.integers(6, 12)), self._worn.between(0.0, 0.03))  # fmt: skip
        self._worn.hang(drop)
        if self._worn.chance(0.2):
            self._tights()

    def _coat(self) -> None:
        rng, m = self._worn.rng, self._worn.form.m
        stuff = self._worn.stuff(look.cloth(rng))
        ease = self._worn.ease(0.024, 0.06)
        field = upper_part(
            self._worn.form, self._worn.between(1.6, 2.03), 0.04, Collar(0.05, 0.05, 0.10)
        )
        opened = self._worn.chance(0.7)
        gap = self._worn.between(0.02, 0.08) * m.size
        if opened:
            ahead = self._worn.form.outward[:, 2] < 0.3
            field = np.where(ahead & (m.arm < 0.2), np.minimum(field, np.abs(m.side) - gap), field)
        self._worn.sew(Cloth(Label.COAT, stuff, field, self._loosened(ease, 0.012, 0.0)))
        if self._worn.chance(0.7):
            length = float(
                rng.uniform(0.05, 0.5) if self._worn.chance(0.6) else rng.uniform(0.6, 1.4)
            )
            angle = float(np.degrees(np.arcsin(min(0.9, gap / (0.17 * m.size))))) * 2
            drop = Drop(Label.COAT, stuff, 0.10, length, self._worn.ease(0.01, 0.12), ease * 1.15,
                        6, 0.008, angle if opened else 0.0)  # fmt: skip
            self._worn.hang(drop)
