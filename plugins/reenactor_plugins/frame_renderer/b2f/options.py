"""Options of `b2f`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor.spec.motion import PAPER_CANVAS
from reenactor_plugins.networks.trained_options import TrainedOptions


class B2FOptions(TrainedOptions):
    """Options of `b2f`."""

    trained_with: ClassVar[frozenset[str]] = frozenset(
        {
            "size",
            "layout",
            "encoder",
            "face_labels",
            "hands",
            "part_background",
            "part_shape",
            "colours",
            "upsampling",
        }
    )

    size: Literal["paper", "small", "tiny"] = Field(
        "paper",
        description="Size of the network, as it was trained: `paper` has SPADE's 64 channels, "
        "`small` suits a CPU and draws half the resolution (256x160 with `layout: exact`), `tiny` "
        "suits tests.",
    )
    layout: Literal["square", "exact", "low"] = Field(
        "square",
        description="How 4x4x1024 and seven upsamplings become 512x320, as in training. `square`, "
        "the paper's figures: 512x512 of which the middle 320 columns are kept. `exact`: a "
        "latent of 8x5 and six upsamplings. `low`: half of `square`, six upsamplings to 256x256 of "
        "which 160 columns are kept (Fig. 5 e).",
    )
    encoder: Literal["paper", "small", "vgg"] = Field(
        "paper",
        description="What encodes the target's appearance, as in training: `paper` is VGGFace2's "
        "ResNet-50 and VGG19 (Eq. 5; needs `faces` and `imagenet`), `small` is trained with the "
        "network and needs no other file, `vgg` is the mean and deviation of VGG19's first layers "
        "over each part, up to relu3_1 (ours; needs `imagenet`).",
    )
    faces: Path | None = Field(
        None,
        description="Checkpoint of VGGFace2's ResNet-50 in the public PyTorch layout, for "
        "`encoder: paper`.",
    )
    imagenet: Path | None = Field(
        None,
        description="torchvision's checkpoint of VGG19, for `encoder: paper`; for `encoder: vgg` a "
        "file of its first layers will do, as for `training.vgg`.",
    )
    face_labels: bool = Field(
        True,
        description="Brows, eyes, nose, lips and inner mouth as five more labels, as in training. "
        "They come from the driver's face points: without them less of the driver's face shows.",
    )
    hands: bool = Field(
        True, description="Hand classes in the parsing, as in training (without them: Fig. 5 d)."
    )
    colours: bool = Field(
        False,
        description="The mean colour of each class in the photo as three more channels of the "
        "label map, as in training (ours: a small network learns them from e_z only slowly).",
    )
    upsampling: Literal["nearest", "bilinear"] = Field(
        "nearest",
        description="How the decoder doubles its resolution, as in training: `nearest` is SPADE's, "
        "`bilinear` (ours) cannot draw a fixed pattern of squares on large areas.",
    )
    mask: Literal["generated", "parsing"] = Field(
        "generated",
        description="The blending mask: the network's own, or the parsing's hard silhouette "
        "(Fig. 5 c).",
    )
    part_background: Literal["black", "kept"] = Field(
        "black",
        description="What surrounds a part in its crop t1 .. t5, as in training: black, or "
        "the picture as it is.",
    )
    part_shape: Literal["stretched", "square"] = Field(
        "stretched",
        description="How a part's bounding box becomes a square crop, as in training: stretched, "
        "or grown to a square first.",
    )

    def canvas(self) -> tuple[int, int]:
        """The paper's canvas: what the network draws is no larger."""
        return PAPER_CANVAS

    def missing(self) -> Mapping[str, str]:
        """Missing weights, including those of pretrained encoders."""
        files = {"paper": ("faces", "imagenet"), "vgg": ("imagenet",), "small": ()}
        return {**super().missing(), **self.needed(*files[self.encoder])}
