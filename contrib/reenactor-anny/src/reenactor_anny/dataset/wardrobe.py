"""Tops, trousers, skirts, dresses and coats, drawn at random and put on."""

from typing import Literal, final

import numpy as np

from reenactor.labels import Label
from reenactor_anny.clothes import Cloth, Collar, Drop, bottoms, snug, tops
from reenactor_anny.dataset import look
from reenactor_anny.dataset.worn import Worn
from reenactor_anny.mesh import Array

Outfit = Literal["trousers", "shorts", "skirt", "dress"]


def dress(worn: Worn, *, feminine: bool, cold: bool, outfit: Outfit | None = None) -> None:
    """Put on what is worn between neck and ankles: where it is cold, a coat over it.

    Without an `outfit` it is drawn; only feminine people then get skirts and dresses.
    """
    _Dresser(worn, cold=cold).dress(outfit, feminine=feminine)


@final
class _Dresser:
    """Puts on what is worn between neck and ankles."""

    def __init__(self, worn: Worn, *, cold: bool) -> None:
        self._worn = worn
        self._cold = cold

    def dress(self, outfit: Outfit | None, *, feminine: bool) -> None:
        if self._cold:
            self._coat()
        if outfit is None and feminine:
            if self._worn.chance(0.28):
                outfit = "dress"
            elif self._worn.chance(0.28):
                outfit = "skirt"
        if outfit == "dress":
            self._dress()
        elif self._worn.chance(0.6 if outfit == "skirt" else 0.25):
            self._lower(outfit)
            self._top(tucked=True)
        else:
            self._top(tucked=False)
            self._lower(outfit)

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

    def _upper(self, sleeve: float, hem: float, collar: Collar) -> Array:
        """Where a top is; `hem` in trunk lengths over the hips."""
        form = self._worn.form
        field = tops(form, sleeve, hem * form.trunk, collar, form.size)
        return np.where(form.leg > 0.9, -0.1, field)

    def _loosened(self, ease: float, arm: float, hem: float) -> Array:
        """Ease that grows down the arm and to the hem, and is small at the neck."""
        form = self._worn.form
        low = np.clip(0.4 - form.height / form.trunk, 0, 0.6)
        return snug(form, ease + arm * np.clip(form.arm, 0, 1.6) + hem * low, form.size)

    def _hang(
        self,
        material: str,
        label: Label,
        *,
        top: float,
        length: float,
        flare: float,
        ease: float,
        depth: float,
        opening: float = 0.0,
    ) -> None:
        """Rings from `top` (trunk lengths over the hips) down to `length` along the leg."""
        form, rng = self._worn.form, self._worn.rng
        joints = [form.body.head(f"{bone}.L")[2] for bone in ("upperleg01", "lowerleg01", "foot")]
        bottom = float(np.interp(length, [0, 1, 2], joints) - form.hip[2])
        drop = Drop(
            material,
            label,
            top * form.trunk,
            bottom,
            flare,
            ease,
            waves=int(rng.integers(6, 12)),
            depth=depth,
            opening=opening,
            size=form.size,
        )
        self._worn.hang(drop)

    def _top(self, *, tucked: bool) -> None:
        rng = self._worn.rng
        material = self._worn.material(look.cloth(rng))
        ease = self._worn.ease(0.005, 0.018 if self._cold else 0.05)
        sleeve, loose = self._sleeve(), self._worn.ease(0.0, 0.01 if self._cold else 0.03)
        hem = self._worn.between(0.16, 0.22) if tucked else self._worn.between(-0.02, 0.22)
        lowest = hem if tucked else max(hem, 0.04)
        field = self._upper(sleeve, lowest, self._collar())
        eases = self._loosened(ease, loose, 0.0 if tucked else 0.5 * ease)
        self._worn.sew(Cloth(material, Label.UPPER_CLOTHES, field, eases))
        if not tucked and hem < 0.08:
            length = self._worn.between(0.02, 0.34)
            flare = self._worn.ease(0.0, 0.05)
            self._hang(material, Label.UPPER_CLOTHES, top=0.10, length=length, flare=flare,
                       ease=ease * 1.25 + 0.004, depth=0.006)  # fmt: skip

    def _lower(self, outfit: Outfit | None) -> None:
        rng = self._worn.rng
        material = self._worn.material(look.cloth(rng))
        waist = self._worn.between(0.10, 0.28)
        if outfit == "skirt":
            length = float(
                rng.choice([rng.uniform(0.35, 0.75), rng.uniform(0.8, 1.2), rng.uniform(1.4, 1.9)])
            )
            flare, depth = self._worn.ease(0.0, 0.22), self._worn.between(0.0, 0.025)
            self._hang(material, Label.SKIRT, top=waist, length=length, flare=flare, ease=0.008,
                       depth=depth)  # fmt: skip
            if self._worn.chance(0.25):
                self._tights()
            return
        short = self._worn.chance(0.25) if outfit is None else outfit == "shorts"
        length = float(rng.uniform(0.35, 1.15) if short else rng.uniform(1.55, 1.96))
        ease, flare = self._worn.ease(0.004, 0.028), self._worn.ease(0.0, 0.05)
        form = self._worn.form
        eases = ease + flare * np.clip(form.leg - 0.15, 0, 1.6) * (1.0 if short else 0.6)
        field = bottoms(form, waist * form.trunk, length)
        self._worn.sew(Cloth(material, Label.PANTS, field, eases, 14))

    def _tights(self) -> None:
        material = self._worn.material(look.cloth(self._worn.rng))
        field = bottoms(self._worn.form, 0.1 * self._worn.form.trunk, 1.95)
        self._worn.sew(Cloth(material, Label.PANTS, field, 0.003, 2))

    def _dress(self) -> None:
        rng = self._worn.rng
        material = self._worn.material(look.cloth(rng))
        ease = self._worn.ease(0.005, 0.018 if self._cold else 0.03)
        field = self._upper(self._sleeve(), 0.12, self._collar())
        self._worn.sew(Cloth(material, Label.DRESS, field, self._loosened(ease, 0.01, 0.0)))
        length = float(
            rng.choice([rng.uniform(0.45, 0.9), rng.uniform(0.9, 1.3), rng.uniform(1.4, 1.95)])
        )
        flare, depth = self._worn.ease(0.0, 0.25), self._worn.between(0.0, 0.03)
        self._hang(material, Label.DRESS, top=0.16, length=length, flare=flare, ease=ease + 0.003,
                   depth=depth)  # fmt: skip
        if self._worn.chance(0.2):
            self._tights()

    def _coat(self) -> None:
        rng, form = self._worn.rng, self._worn.form
        material = self._worn.material(look.cloth(rng))
        ease = self._worn.ease(0.024, 0.06)
        field = self._upper(self._worn.between(1.6, 2.03), 0.04, Collar(0.05, 0.05, 0.10))
        opened = self._worn.chance(0.7)
        gap = self._worn.between(0.02, 0.08) * form.size
        if opened:
            ahead = (form.outward[:, 1] < 0.3) & (form.arm < 0.2)
            field = np.where(ahead, np.minimum(field, np.abs(form.side) - gap), field)
        self._worn.sew(Cloth(material, Label.COAT, field, self._loosened(ease, 0.012, 0.0)))
        if self._worn.chance(0.7):
            length = float(
                rng.uniform(0.05, 0.5) if self._worn.chance(0.6) else rng.uniform(0.6, 1.4)
            )
            angle = float(np.degrees(np.arcsin(min(0.9, gap / (0.17 * form.size))))) * 2
            flare = self._worn.ease(0.01, 0.12)
            self._hang(material, Label.COAT, top=0.10, length=length, flare=flare, ease=ease * 1.15,
                       depth=0.008, opening=angle if opened else 0.0)  # fmt: skip
