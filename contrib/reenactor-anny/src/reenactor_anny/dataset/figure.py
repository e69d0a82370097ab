"""A random person, and what must be known of the body to pose and label it."""

from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from reenactor_anny.body import BodyShop
from reenactor_anny.dataset import look
from reenactor_anny.dataset.charts import Charts, charts
from reenactor_anny.dataset.clearance import Trunk
from reenactor_anny.dataset.grooming import add_accessories, do_hair, put_on_shoes
from reenactor_anny.dataset.marks import Marks
from reenactor_anny.dataset.phenotype import Phenotype, phenotype
from reenactor_anny.dataset.wardrobe import Outfit, dress
from reenactor_anny.dataset.worn import Worn
from reenactor_anny.hair import Head
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Faces
from reenactor_anny.person import Person, person
from reenactor_anny.render import Scene


@dataclass(frozen=True)
class Figure:
    """Everything of one person that does not change with the pose.

    `label` (F,) is the class, and `albedos` (F, 3) the mean colour, of each face of all layers.
    """

    person: Person
    trunk: Trunk
    charts: Charts
    label: Faces
    albedos: Array


@dataclass(frozen=True)
class Wanted:
    """What is not left to chance: `traits` of the body, the outfit, whether a coat is worn."""

    traits: Phenotype = field(default_factory=dict)
    outfit: Outfit | None = None
    coat: bool | None = None


ANYBODY = Wanted()


@final
class Figures:
    """People by number; the model and the marks are found once."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.shop = BodyShop()
        self.marks = Marks.found(self.shop.make({"age": 0.67, "gender": 0.5}))

    def figure(self, number: int, wanted: Wanted = ANYBODY) -> Figure:
        rng = np.random.default_rng([self._seed, 2, number])
        traits = phenotype(rng) | wanted.traits
        form = Form.of(self.shop.make(traits))
        made = _person(form, traits["age"], rng, wanted, feminine=traits["gender"] > 0.5)
        return Figure(
            person=made,
            trunk=Trunk.of(form),
            charts=charts(form),
            label=np.concatenate(
                [np.broadcast_to(layer.label, len(layer.faces)) for layer in made.layers]
            ),
            albedos=Scene(made.layers, made.painters).albedos,
        )


def _person(
    form: Form, age: float, rng: np.random.Generator, wanted: Wanted, *, feminine: bool
) -> Person:
    """The body, dressed and groomed."""
    worn = Worn(form, rng)
    hair = look.hair_colour(rng, age)
    painted = feminine and age > 0.55
    skin = look.complexion(rng, hair, Head.of(form.body).size, made_up=painted)
    worn.painters["hair"] = look.hair(hair, rng)
    cold = worn.chance(0.30) if wanted.coat is None else wanted.coat
    dress(worn, feminine=feminine, cold=cold, outfit=wanted.outfit)
    put_on_shoes(worn)
    line = do_hair(worn, age, feminine=feminine)
    if not feminine and age > 0.6 and worn.chance(0.4):
        skin = replace(skin, stubble=worn.between(0.1, 0.4))
    add_accessories(worn, cold=cold)
    return person(form, skin, line, worn.covers, worn.layers, worn.painters)
