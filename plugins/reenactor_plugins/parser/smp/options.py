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
        description="File of a trained network (.safetensors or .pth), from `reenactor train "
        "smp` or the model's own state_dict. `random` gives random weights, for "
        "tests of shapes and speed. Nothing is downloaded.",
    )
    architecture: Architecture = Field(
        "unet", description="The decoder of segmentation-models-pytorch, as in training."
    )
    encoder: str = Field(
        "tu-mobilenetv3_large_100",
        min_length=1,
        description="The encoder, as in training: `tu-` and the name of any timm model that "
        "gives features, or one of segmentation-models-pytorch's own "
        "(`resnet34`). For `dpt`, a vision transformer.",
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
        description="Average with the result for the mirrored picture: a little better, "
        "twice as slow.",
    )
    around: Literal["person", "picture"] = Field(
        "person",
        description="What the network sees: the person with a margin, or the whole picture.",
    )

    def of_training(self) -> Mapping[str, Any]:
        """The network, the resolution, and what each of its channels means."""
        trained = self.model_dump(mode="json", include={"architecture", "encoder", "input"})
        return trained | {"label_map": list(self.names)}
