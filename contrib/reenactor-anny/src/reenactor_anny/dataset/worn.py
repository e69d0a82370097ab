"""What a person wears, as it is put on: layers, what they hide, and what they are made of."""

from dataclasses import replace
from typing import final

import numpy as np

from reenactor_anny.clothes import Cloth, Drop, hang, hung_cover, sew
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer
from reenactor_anny.render import Painter

INNER = 0.035
"""What lies that far (metres) inside a garment's hems is cut off the garments under it."""


@final
class Worn:
    """Garments are put on from the outermost inward: what one hides is cut off the next."""

    def __init__(self, form: Form, rng: np.random.Generator) -> None:
        self.form = form
        self.rng = rng
        self.size = form.size
        self.layers: list[Layer] = []
        self.covers: list[Array] = []
        self.painters: dict[str, Painter] = {}

    def material(self, painter: Painter) -> str:
        """The name of something new to make things of."""
        name = f"material-{len(self.painters)}"
        self.painters[name] = painter
        return name

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def ease(self, low: float, high: float) -> float:
        """Metres off the skin: mostly near the lower end, less for children."""
        return float(low + (high - low) * self.rng.random() ** 1.7) * max(self.size, 0.55)

    def add(self, *layers: Layer) -> None:
        self.layers += layers

    def cover(self, field: Array) -> None:
        """From now on what lies inside that field is hidden."""
        self.covers.append(field)

    def sew(self, cloth: Cloth, *, hides: bool = True) -> None:
        keep = cloth.keep
        for cover in self.covers:
            keep = np.minimum(keep, INNER - cover)
        if (keep > 0).sum() > 30:
            self.add(sew(self.form, replace(cloth, keep=keep)))
        if hides:
            self.cover(cloth.keep)

    def hang(self, drop: Drop) -> None:
        self.add(hang(self.form, drop))
        self.cover(hung_cover(self.form, drop))
