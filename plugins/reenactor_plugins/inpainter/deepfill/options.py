"""Options of `deepfill`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor.options import Options


class DeepFillOptions(Options):
    """Which weights, and how large a hole is seen."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE, a public checkpoint of DeepFill v2 (docs/weights.md)"
    }

    weights: Literal["random"] | Path | None = Field(
        None,
        description="Checkpoint in one of the public PyTorch layouts (.pth): the authors' "
        "own weights converted, or those fine-tuned for PyTorch. `random` gives "
        "random weights, for tests of shapes and speed.",
    )
    side: int = Field(
        512,
        ge=64,
        le=2048,
        multiple_of=8,
        description="Holes with larger surroundings are filled at this size (longer side in "
        "pixels) and enlarged. Time grows with its square, memory with its "
        "fourth power: about 1 GB at 1024.",
    )
    context: float = Field(
        0.5,
        ge=0,
        le=4,
        description="Context that the network sees on every side of a hole, in multiples of "
        "the hole's longer side.",
    )
