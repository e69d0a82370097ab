"""Options of networks that `reenactor train` trains. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from reenactor.options import Options

SHIPPED = "small"


class TrainedOptions(Options):
    """Options of a network that `reenactor train` trains."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE.safetensors, a network that you trained, or `small` (ours)"
    }

    trained_with: ClassVar[frozenset[str]] = frozenset()
    """Options that must be the same as in training."""

    weights: Literal["small", "random"] | Path | None = Field(
        None,
        description="File of a trained network (.safetensors), or `small` for the weights "
        "that we trained and ship, with `size: small` (docs/small.md). `random` "
        "gives random weights, for tests of shapes and speed. There is no "
        "default: the paper's authors released no weights.",
    )

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The shipped weights, if selected."""
        return names if self.weights == SHIPPED else frozenset()

    def of_training(self) -> Mapping[str, Any]:
        """The values of the options that must be the same as in training."""
        return self.model_dump(mode="json", include=set(self.trained_with))

    def needed(self, *options: str) -> Mapping[str, str]:
        """The given options that name no file, for `missing`; random networks need none."""
        if self.weights == "random":
            return {}
        return {
            option: "FILE, a public checkpoint (docs/weights.md)"
            for option in options
            if getattr(self, option) is None
        }
