"""Options of `densepose`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.public_weights import Public, PublicOptions


class DensePoseOptions(PublicOptions):
    """Which weights, and how large the canvas is seen."""

    public: ClassVar[Mapping[str, str]] = {"weights": "densepose-r50-fpn-s1x"}

    weights: Public | Literal["random"] | Path = Field(
        "public",
        description="Checkpoint of a chart-based DensePose R-CNN with FPN from detectron2 "
        "(.pkl of its model zoo, or .pth): ResNet-50 or 101, fully convolutional "
        "or DeepLab head. `public` is R_50_FPN_s1x, which `reenactor weights pull` downloads; "
        "`random` gives random weights in a narrow network, for tests of shapes.",
    )
    pooler_resolution: Literal[14, 28] | None = Field(
        None,
        description="POOLER_RESOLUTION of detectron2's config: the size in which a person's "
        "features are pooled. Networks with a decoder have 28 and the legacy "
        "ones 14, which their tensors tell; for others it must be given.",
    )
    side: int = Field(
        800,
        ge=64,
        le=1600,
        description="Length in pixels of the canvas's shorter side as the network sees it. "
        "Time grows with its square.",
    )
    margin: float = Field(
        0.03,
        ge=0,
        le=0.5,
        description="Margin around the key points for the person's box, as a share of its height.",
    )
