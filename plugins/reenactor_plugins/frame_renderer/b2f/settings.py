"""How B2F is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.training.settings import (
    Channels,
    Degrees,
    Factor,
    LossWeight,
    Settings,
    Share,
    Side,
)

VGG_LACKING = "FILE, VGG19 for Eq. 16; or training.lambda_vgg: 0, to train without that loss"
FACES_LACKING = "FILE, VGGFace2 for Eq. 18; or training.lambda_face: 0, to train without that loss"


class B2FSettings(Settings):
    """Those of every recipe, and B2F's own."""

    height: Side = Field(512, description="Of the pictures that are trained on.")
    width: Side = Field(320, description="Of the pictures that are trained on.")
    lambda_hinge: LossWeight = Field(
        1.0, description="Weight of the hinge (Eq. 13), which the paper does not weigh."
    )
    lambda_fm: LossWeight = Field(
        10.0,
        description="Weight of feature matching (Eq. 15). The paper gives none: SPADE's.",
    )
    lambda_vgg: LossWeight = Field(
        10.0, description="Weight of VGG's features (Eq. 16). The paper gives none: SPADE's."
    )
    lambda_m: LossWeight = Field(5.0, description="Weight of the blending mask (Eq. 17).")
    lambda_face: LossWeight = Field(
        1.0, description="Weight of the face's likeness (Eq. 18). The paper gives none."
    )
    lambda_l1: LossWeight = Field(
        0.0, description="Weight of the mean difference of colours on the person (ours)."
    )
    vgg: Path | None = Field(
        None,
        description="VGG19 for Eq. 16: torchvision's checkpoint, or the normalised one of style "
        "transfer; either may be cut off. Training without it takes `lambda_vgg: 0`.",
    )
    vgg_weights: tuple[LossWeight, ...] = Field(
        (1.0, 1.0, 1.0, 1.0, 1.0),
        min_length=1,
        max_length=5,
        description="Of relu1_1, relu2_1 and so on, as many as count. The paper weighs none of the "
        "five; SPADE takes 1/32, 1/16, 1/8, 1/4, 1.",
    )
    vgg_reduce: Literal[1, 2] = Field(
        1, description="VGG sees the pictures this many times smaller: four times quicker (ours)."
    )
    faces: Path | None = Field(
        None,
        description="Checkpoint of VGGFace2's ResNet-50 for Eq. 18. Training without it takes "
        "`lambda_face: 0`.",
    )
    judge_width: Channels = Field(64, description="Channels of the discriminators' first layer.")
    judges_from: Share = Field(
        0.0,
        description="From this share of the steps on the discriminators take part; before, Eqs. 13 "
        "to 15 are left out, which is quicker (ours).",
    )
    turn: Degrees = Field(8.0, description="Degrees by which pictures are turned, at most.")
    scale: Factor = Field(1.2, description="By which they are made larger or smaller.")
    shift: Share = Field(0.05, description="Share of the canvas by which they are moved.")
    part_turn: Degrees = Field(
        15.0, description="Degrees by which the picture that parts are cut from is turned."
    )
    part_scale: Factor = Field(1.2, description="By which it is made larger or smaller.")
    part_shift: Share = Field(0.05, description="Share of the canvas by which it is moved.")
    part_flip: Share = Field(
        0.5,
        description="How often it is mirrored by itself, so that the parts do not tell where "
        "things are (ours).",
    )
    other_frame: Share = Field(
        0.5,
        description="How often the parts are cut from another picture of the person, where there "
        "is one.",
    )
    colour: Share = Field(
        0.0,
        description="Red, green, blue and contrast of parts and picture alike are changed by up "
        "to this share (ours).",
    )
    recolour: Share = Field(
        0.0,
        description="How often clothes get other colours, in parts and picture alike (ours).",
    )

    def lacking(self) -> Mapping[str, str]:
        """The networks of losses that have a weight."""
        return {
            **({} if self.vgg or not self.lambda_vgg else {"vgg": VGG_LACKING}),
            **({} if self.faces or not self.lambda_face else {"faces": FACES_LACKING}),
        }
