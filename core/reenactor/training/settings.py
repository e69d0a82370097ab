"""The settings that every recipe has. Imports no torch."""

from math import ceil
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from reenactor.options import Options, Seed

MANY = 10**9
"""More steps, frames or examples than any training has."""

LossWeight = Annotated[float, Field(ge=0, le=1e6)]
"""How much a loss counts."""
Decay = Annotated[float, Field(ge=0, lt=1)]
"""A decay rate of Adam's moments."""
Side = Annotated[int, Field(ge=32, le=4096)]
"""Height or width of the pictures that are trained on, in pixels."""
Channels = Annotated[int, Field(ge=1, le=1024)]
"""Channels of a discriminator's first layer; the later ones have up to eight times as many."""
Degrees = Annotated[float, Field(ge=0, le=180)]
"""By how much an example is turned, at most."""
Factor = Annotated[float, Field(ge=1, le=8)]
"""By how much an example is made larger or smaller, at most."""
Share = Annotated[float, Field(ge=0, le=1)]
"""A share of a whole, or how often something happens."""


class Settings(Options):
    """How long, how many at once, and what is kept. A recipe adds the figures of its own.

    A recipe whose losses need files says in `lacking` which are not given: no training begins
    without them. A loss that is left out has a weight of 0.
    """

    epochs: float = Field(
        1.0, gt=0, le=1e6, description="How often each example is seen, where `steps` is not given."
    )
    steps: int | None = Field(
        None, gt=0, le=MANY, description="Batches in all, instead of `epochs`."
    )
    batch: int = Field(
        8,
        gt=0,
        le=65_536,
        description="Examples in a step, over all processes: each takes its share.",
    )
    rate: float = Field(2e-4, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[Decay, Decay] = Field((0.5, 0.999), description="Adam's two decay rates.")
    decay_from: Share = Field(
        1.0,
        description="From this share of the steps on the learning rate falls to 0 in a line. The "
        "paper says nothing of a schedule; pix2pixHD's is 0.5.",
    )
    precision: Literal["32-true", "bf16-mixed"] = Field(
        "32-true", description="bf16-mixed is several times faster on processors that have it."
    )
    average: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="What the moving average of the weights keeps at each step; the average is "
        "what is shipped. 0 ships the weights as they are.",
    )
    held_out: tuple[str, ...] = Field(
        (),
        description="Patterns (*, ?, [..]) of examples' names that are never trained on: the "
        "curves' figures are theirs.",
    )
    held_out_limit: int = Field(
        64, gt=0, le=MANY, description="How many of them are looked at each time."
    )
    every: int = Field(500, gt=0, le=MANY, description="Steps between looks at what is held out.")
    save_every: int = Field(
        500, gt=0, le=MANY, description="Steps between saves of all that goes on."
    )
    start: Path | None = Field(
        None,
        description="Weights of an earlier training to begin with, to go on otherwise (ours).",
    )
    workers: int = Field(
        0,
        ge=0,
        le=4096,
        description="Processes that read examples, at most one for each core; 0 reads "
        "between the steps.",
    )
    seed: Seed = Field(0, description="Of everything that is random.")

    def steps_of(self, examples: int) -> int:
        """Steps in all, for a training set of that many examples."""
        return self.steps or max(1, ceil(self.epochs * examples / self.batch))

    def rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step."""
        start = self.decay_from * steps
        if step < start:
            return self.rate
        return self.rate * (steps - step) / (steps - start)
