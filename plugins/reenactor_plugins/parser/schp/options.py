"""Options of `schp`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor_plugins.networks.public_weights import PUBLIC, Public
from reenactor_plugins.parser.label_sets import Dataset, LabelOptions
from reenactor_plugins.parser.schp.weights import CHECKPOINTS

INPUTS: dict[Dataset, int] = {"cihp": 473, "lip": 473, "atr": 512, "pascal": 512}
"""Pixels of the square's side at which the public checkpoints were trained."""


class SchpOptions(LabelOptions):
    """Options of `schp`."""

    weights: Public | Literal["random"] | Path = Field(
        "public",
        description="A checkpoint in the public layout (.pth or .safetensors). `public` is the "
        "one for LIP's or ATR's classes, which `reenactor weights pull` downloads. `random` "
        "gives random weights, for tests of shapes and speed.",
    )
    size: Literal["paper", "tiny"] = Field(
        "paper",
        description="Size of the network: `paper` has ResNet-101's, `tiny` suits tests.",
    )
    input: int | None = Field(
        None,
        ge=33,
        le=2049,
        description="Pixels of the square in which the network sees the person; if left out that "
        "of the public checkpoints: 473 for CIHP and LIP, 512 for ATR and Pascal.",
    )
    flip: bool = Field(
        False,
        description="Average with the result for the mirrored picture: a little better, "
        "twice as slow.",
    )
    around: Literal["person", "picture"] = Field(
        "person",
        description="What the network sees: the person with a margin, or the whole picture, "
        "as SCHP's own tool does.",
    )

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The public checkpoint for the classes, if selected."""
        weight = CHECKPOINTS.get(self.classes)
        chosen = {weight.name} if self.weights == PUBLIC and weight is not None else set()
        return names & chosen

    def missing(self) -> Mapping[str, str]:
        """A file, for classes whose public checkpoint cannot be downloaded."""
        if self.weights != PUBLIC or self.classes in CHECKPOINTS:
            return {}
        return {
            "weights": "FILE, the public checkpoint for these classes (docs/weights.md) or your "
            "own; those for `classes: lip` and `atr` can be downloaded"
        }

    @property
    def side(self) -> int:
        """Pixels of the square's side."""
        return self.input or INPUTS[self.classes]
