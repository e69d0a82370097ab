"""Options of `densepose`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor.options import Options


class DensePoseOptions(Options):
    """Which weights, and how large the canvas is seen."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE, a public checkpoint of DensePose (docs/weights.md)"
    }

    weights: Literal["random"] | Path | None = Field(
        None,
        description="Checkpoint of a chart-based DensePose R-CNN with FPN as detectron2 has it "
        "(.pkl of its model zoo, or .pth): ResNet-50 or 101, fully convolutional or DeepLab head. "
        "`random` is noise and narrow, good for nothing but tests of shapes.",
    )
    pooler_resolution: Literal[14, 28] | None = Field(
        None,
        description="Pixels in which a person is read from the features: POOLER_RESOLUTION of "
        "detectron2's config. Networks with a decoder have 28, those of the model zoo called "
        "`_legacy` 14, and are told by their tensors; of others it must be said.",
    )
    side: int = Field(
        800,
        ge=64,
        le=1600,
        description="The canvas is seen with its shorter side this many pixels long, as in "
        "training. Time grows with its square.",
    )
    margin: float = Field(
        0.03,
        ge=0,
        le=0.5,
        description="How much wider than the key points the person's box is taken to be on every "
        "side, as a share of its height.",
    )
