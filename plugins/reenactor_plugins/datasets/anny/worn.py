"""What a person wears, as it is put on: layers, what they hide, and what they are made of."""

from dataclasses import dataclass
from typing import final

import numpy as np

from reenactor_plugins.datasets.anny import look
from reenactor_plugins.datasets.anny.cloth import Cloth, Drop, Form, hang, hung_cover, sew
from reenactor_plugins.datasets.anny.mesh import Layer, Values

UNDER = 0.02
"""What lies that far (metres) inside a garment's hems is not seen, and left out."""
INNER = 0.035
"""The same for garments under garments."""


@dataclass(frozen=True)
class Outfit:
    """What is worn: `layers`, the fields that hide skin, and what everything is made of."""

    layers: tuple[Layer, ...]
    covers: tuple[Values, ...]
    stuffs: tuple[look.Stuff, ...]


@final
class Worn:
    """Garments are put on from the outermost inward: what one hides is cut off the next.

    Of what things are made, number 0 is the skin and 1 the hair.
    """

    def __init__(self, form: Form, rng: np.random.Generator, age: float) -> None:
        self.form = form
        self.rng = rng
        self.size = form.m.size
        self._layers: list[Layer] = []
        self._covers: list[Values] = []
        self._stuffs: list[look.Stuff] = [look.skin(rng), look.hair(rng, age)]

    def outfit(self) -> Outfit:
        return Outfit(tuple(self._layers), tuple(self._covers), tuple(self._stuffs))

    def stuff(self, stuff: look.Stuff) -> int:
        """The number of something to make things of."""
        self._stuffs.append(stuff)
        return len(self._stuffs) - 1

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def ease(self, low: float, high: float) -> float:
        """Metres off the skin: mostly near the lower end, less for children."""
        return float(low + (high - low) * self.rng.random() ** 1.7) * max(self.size, 0.55)

    def add(self, *layers: Layer) -> None:
        self._layers += layers

    def cover(self, field: Values) -> None:
        """From now on what lies inside that field is hidden."""
        self._covers.append(field)

    def sew(self, cloth: Cloth, *, hides: bool = True) -> None:
        keep = cloth.keep
        for cover in self._covers:
            keep = np.minimum(keep, INNER - cover)
        if (keep > 0).sum() > 30:
            seen = Cloth(cloth.label, cloth.stuff, keep, cloth.ease, cloth.taut, cloth.spread)
            self.add(sew(self.form, seen))
        if hides:
            self.cover(cloth.keep)

    def hang(self, drop: Drop) -> None:
        self.add(hang(self.form, drop))
        self.cover(hung_cover(self.form, drop))
