"""A dressed person at rest: one mesh of all layers, and the marks that become key points."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from reenactor_plugins.datasets.anny.clearance import Trunk
from reenactor_plugins.datasets.anny.cloth import Form
from reenactor_plugins.datasets.anny.look import Stuff
from reenactor_plugins.datasets.anny.marks import Marks
from reenactor_plugins.datasets.anny.measures import measure
from reenactor_plugins.datasets.anny.mesh import Faces, Layer, Points, Weights
from reenactor_plugins.datasets.anny.model import Body, BodyModel
from reenactor_plugins.datasets.anny.phenotype import phenotype
from reenactor_plugins.datasets.anny.skin import Charts, charts, skin_labels
from reenactor_plugins.datasets.anny.wardrobe import dress
from reenactor_plugins.datasets.anny.worn import UNDER


@dataclass(frozen=True)
class Figure:
    """Everything of one person that does not change with the pose.

    The body's own vertices come first; `faces` leaves out the skin that clothes hide.
    """

    body: Body
    trunk: Trunk
    charts: Charts
    points: Points
    coords: Points
    weights: Weights
    faces: Faces
    label: Int[np.ndarray, " F"]
    stuff: Int[np.ndarray, " F"]
    stuffs: tuple[Stuff, ...]
    tint: Float[np.ndarray, "N 4"]


@final
class Figures:
    """People by number; the model and the marks are found once."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._model = BodyModel()
        self.marks = Marks.found(self._model)

    def figure(self, number: int) -> Figure:
        rng = np.random.default_rng([self._seed, 2, number])
        traits = phenotype(rng)
        body = self._model.body(traits)
        m = measure(body)
        outfit = dress(Form.of(body, m), traits, rng)
        hidden = np.zeros(len(body.points), bool)
        for cover in outfit.covers:
            hidden |= cover > UNDER
        shown = ~hidden[body.faces].all(1)
        label = skin_labels(body, m)[shown]
        skin = Layer(body.points, body.points, body.faces[shown], body.weights, label, 0)
        layers = (skin, *outfit.layers)
        starts = np.cumsum([0, *(len(layer.points) for layer in layers)])
        return Figure(
            body=body,
            trunk=Trunk.of(body, m),
            charts=charts(body, m),
            points=np.concatenate([layer.points for layer in layers]),
            coords=np.concatenate([layer.coords for layer in layers]),
            weights=np.concatenate([layer.weights for layer in layers]),
            faces=np.concatenate([a.faces + s for a, s in zip(layers, starts, strict=False)]),
            label=np.concatenate([layer.label for layer in layers]),
            stuff=np.concatenate([np.full(len(layer.faces), layer.stuff) for layer in layers]),
            stuffs=outfit.stuffs,
            tint=_face_tint(int(starts[-1]), self.marks, outfit.stuffs, rng),
        )


def _face_tint(
    count: int, marks: Marks, stuffs: tuple[Stuff, ...], rng: np.random.Generator
) -> Float[np.ndarray, "N 4"]:
    """Colour and how much of it over the skin: lips, brows, eyes."""
    tint = np.zeros((count, 4), np.float32)
    skin = np.array(stuffs[0].colour)
    lips = skin * [0.92, 0.62, 0.62] if rng.random() < 0.7 else np.array([0.6, 0.1, 0.15])
    hair = np.array(stuffs[1].colour)
    iris = np.array([[0.12, 0.07, 0.04], [0.25, 0.35, 0.45], [0.25, 0.3, 0.15]])[
        rng.choice(3, p=[0.7, 0.15, 0.15])
    ]
    parts: tuple[tuple[Bool[np.ndarray, " V"], np.ndarray, float], ...] = (
        (marks.lips, lips, 0.8),
        (marks.brows, hair * 0.8, 0.75),
        (marks.eyes, np.array([0.93, 0.92, 0.9]), 1.0),
        (marks.irises, iris, 1.0),
    )
    for mine, colour, share in parts:
        tint[np.flatnonzero(mine)] = [*colour, share]
    return tint
