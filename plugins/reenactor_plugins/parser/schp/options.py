"""Options of `schp`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.parser.label_sets import Dataset, LabelOptions

INPUTS: dict[Dataset, int] = {"cihp": 473, "lip": 473, "atr": 512, "pascal": 512}
"""Pixels of the square's side at which the public checkpoints were trained."""


class SchpOptions(LabelOptions):
    """Options of `schp`."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE, one of the public checkpoints (docs/weights.md) or your own"
    }

    weights: Literal["random"] | Path | None = Field(
        None,
        description="A checkpoint in the public layout (.pth or .safetensors). `random` "
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

    @property
    def side(self) -> int:
        """Pixels of the square's side."""
        return self.input or INPUTS[self.classes]
