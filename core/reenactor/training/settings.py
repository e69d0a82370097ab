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


class TrainingSettings(Options):
    """How long, how many at once, and what is kept. A recipe adds the figures of its own.

    A recipe whose losses need files says in `missing` which are not given: no training begins
    without them. A loss that is left out has a weight of 0.
    """

    epochs: float = Field(
        1.0, gt=0, le=1e6, description="Passes over the data, if `steps` is not given."
    )
    steps: int | None = Field(
        None, gt=0, le=MANY, description="Number of training steps, instead of `epochs`."
    )
    batch_size: int = Field(
        8,
        gt=0,
        le=65_536,
        description="Batch size, summed over all processes.",
    )
    learning_rate: float = Field(2e-4, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[Decay, Decay] = Field((0.5, 0.999), description="Adam's two decay rates.")
    decay_from: Share = Field(
        1.0,
        description="After this share of the steps the learning rate falls linearly to 0. "
        "The paper gives no schedule; pix2pixHD's is 0.5.",
    )
    precision: Literal["32-true", "bf16-mixed"] = Field(
        "32-true", description="`bf16-mixed` is several times faster on processors that support it."
    )
    ema_decay: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Decay of the moving average of the weights, which is what is saved for "
        "use. 0 saves the weights without averaging.",
    )
    validation: tuple[str, ...] = Field(
        (),
        description="Patterns (*, ?, [..]) of the names of examples that are kept for validation.",
    )
    validation_limit: int = Field(
        64, gt=0, le=MANY, description="How many validation examples are used each time."
    )
    validate_every: int = Field(500, gt=0, le=MANY, description="Steps between validations.")
    checkpoint_every: int = Field(500, gt=0, le=MANY, description="Steps between checkpoints.")
    start: Path | None = Field(
        None,
        description="Weights of an earlier training to start from (ours).",
    )
    workers: int = Field(
        0,
        ge=0,
        le=4096,
        description="Processes that load examples, at most one per core; 0 loads them "
        "between the steps.",
    )
    seed: Seed = Field(0, description="Seed of everything that is random.")

    def steps_of(self, examples: int) -> int:
        """Steps in all, for a training set of that many examples."""
        return self.steps or max(1, ceil(self.epochs * examples / self.batch_size))

    def learning_rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step."""
        start = self.decay_from * steps
        if step < start:
            return self.learning_rate
        return self.learning_rate * (steps - step) / (steps - start)
