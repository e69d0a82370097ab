"""Options that p2b, b2f and fr share: which weights, and what their training fixed. No torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from reenactor.options import Options

SHIPPED = "small"


class TrainedOptions(Options):
    """Of a network that `reenactor train` trains."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE.safetensors, a network that you trained, or `small` (ours)"
    }

    trained_with: ClassVar[frozenset[str]] = frozenset()
    """Options that the training fixes."""

    weights: Literal["small", "random"] | Path | None = Field(
        None,
        description="File of a trained network (.safetensors), or `small` for the weights "
        "that we trained and ship, with `size: small` (docs/small.md). `random` "
        "gives random weights, for tests of shapes and speed. There is no "
        "default: the paper's authors released no weights.",
    )

    def wanted_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The shipped ones, where they are asked for."""
        return names if self.weights == SHIPPED else frozenset()

    def of_training(self) -> Mapping[str, Any]:
        """Those that a trained file depends on."""
        return self.model_dump(mode="json", include=set(self.trained_with))

    def needed(self, *options: str) -> Mapping[str, str]:
        """Those of these options that name no file, as `lacking` gives them; a network of noise
        needs none."""
        if self.weights == "random":
            return {}
        return {
            option: "FILE, a public checkpoint (docs/weights.md)"
            for option in options
            if getattr(self, option) is None
        }
