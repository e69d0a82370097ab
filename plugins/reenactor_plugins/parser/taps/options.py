"""Options of the parser `taps`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.trained_options import SHIPPED, TrainedOptions
from reenactor_plugins.parser.taps.weights import PARSER_TAPS


class TapsOptions(TrainedOptions):
    """Options of the parser `taps`."""

    required: ClassVar[Mapping[str, str]] = {}

    weights: Literal["small", "random"] | Path | None = Field(
        "small",
        description="`small` for the weights that we trained and ship, or the file of a "
        "network that you trained (.safetensors). `random` gives random weights, "
        "for tests of shapes and speed.",
    )

    views: Literal["one", "flip", "many"] = Field(
        "many",
        description="Views of the photo whose results are averaged: `one`, also mirrored "
        "(`flip`), or both also 1.2 times larger (`many`). Each takes about a "
        "tenth of a second.",
    )
    bags: Literal["background", "garment"] = Field(
        "background",
        description="What bags become, which the 22 classes do not have. `background`: "
        "background where they stick out of the body, so they stay behind; a "
        "strap across the chest becomes part of the garment. `garment`: always "
        "part of the garment that they touch, so they move along.",
    )
    edges: bool = Field(
        True, description="Refine the borders of the classes along the edges of the photo."
    )

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The pose network and, if selected, the shipped parsing network."""
        return names if self.weights == SHIPPED else names - {PARSER_TAPS.name}
