"""Options of `smp`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from reenactor_plugins.parser.label_sets import LabelOptions

Architecture = Literal[
    "unet", "unetplusplus", "manet", "linknet", "fpn", "pspnet", "pan", "deeplabv3",
    "deeplabv3plus", "upernet", "segformer", "dpt",
]  # fmt: skip


class SmpOptions(LabelOptions):
    """Options of `smp`."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE.safetensors, a network that you trained (`reenactor train smp`)"
    }

    weights: Literal["random"] | Path | None = Field(
        None,
        description="File of a trained network (.safetensors or .pth), as `reenactor train smp` "
        "or the model's own state_dict has it. `random` is noise, good for nothing but tests of "
        "shapes and speed. Nothing is ever downloaded.",
    )
    architecture: Architecture = Field(
        "unet", description="Which of segmentation-models-pytorch's decoders, as in training."
    )
    encoder: str = Field(
        "tu-mobilenetv3_large_100",
        min_length=1,
        description="The encoder, as in training: `tu-` and any of timm's models that gives "
        "features, or one of segmentation-models-pytorch's own (`resnet34`). For `dpt` a vision "
        "transformer.",
    )
    input: int = Field(
        512,
        ge=64,
        le=2048,
        multiple_of=32,
        description="Pixels of the square in which the network sees the person, as in training.",
    )
    flip: bool = Field(
        False,
        description="Look at the mirrored picture too and average: a little better, twice as long.",
    )
    around: Literal["person", "picture"] = Field(
        "person",
        description="What the network is shown: the person of the skeleton with a margin, or the "
        "whole picture.",
    )

    def of_training(self) -> Mapping[str, Any]:
        """The network, the resolution, and what each of its channels means."""
        trained = self.model_dump(mode="json", include={"architecture", "encoder", "input"})
        return trained | {"label_map": list(self.names)}
