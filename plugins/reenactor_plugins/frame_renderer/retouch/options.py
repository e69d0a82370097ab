"""Options of `retouch`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.trained_options import TrainedOptions
from reenactor_plugins.puppet.options import PuppetOptions


class RetouchOptions(TrainedOptions, PuppetOptions):
    """Those of the puppet, and of the network."""

    required: ClassVar[Mapping[str, str]] = {}
    trained_with: ClassVar[frozenset[str]] = frozenset({"size"})

    weights: Literal["small", "random"] | Path | None = Field(
        "small",
        description="`small` for the weights that we trained and ship, with `size: small` "
        "(docs/small.md), or the file of a network that you trained "
        "(.safetensors). `random` gives random weights, for tests of shapes and "
        "speed.",
    )
    size: Literal["small", "tiny"] = Field(
        "small", description="Size of the network, as it was trained; `tiny` suits tests."
    )
