"""Options of the parser `taps`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.trained_options import SHIPPED, TrainedOptions
from reenactor_plugins.parser.taps.weights import PARSER_TAPS


class TapsOptions(TrainedOptions):
    """What may be chosen about the parser `taps`."""

    required: ClassVar[Mapping[str, str]] = {}

    weights: Literal["small", "random"] | Path | None = Field(
        "small",
        description="`small`: those that we trained and ship; or the file of a network that you "
        "trained (.safetensors). `random` is noise, good for nothing but tests of shapes and "
        "speed.",
    )

    views: Literal["one", "flip", "many"] = Field(
        "many",
        description="how the photo is looked at: once, also mirrored, or both also 1.2 times "
        "larger; the answers are averaged, each view takes about a tenth of a second",
    )
    bags: Literal["background", "garment"] = Field(
        "background",
        description="what a bag becomes, which the 22 classes do not know: background where it "
        "sticks out of the body, so that it stays behind (a strap across the chest becomes part "
        "of the garment), or always part of the garment that it touches, so that it moves along",
    )
    edges: bool = Field(
        True, description="let the borders of the classes follow the edges of the photo"
    )

    def wanted_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The pose network in any case; the shipped parsing network where it is asked for."""
        return names if self.weights == SHIPPED else names - {PARSER_TAPS.name}
