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
    Share,
    Side,
    TrainingSettings,
)

VGG_LACKING = "FILE, VGG19 for Eq. 16; or training.lambda_vgg: 0, to train without that loss"
FACES_LACKING = "FILE, VGGFace2 for Eq. 18; or training.lambda_face: 0, to train without that loss"


class B2FSettings(TrainingSettings):
    """Those of every recipe, and B2F's own."""

    height: Side = Field(512, description="Height of the training pictures.")
    width: Side = Field(320, description="Width of the training pictures.")
    lambda_hinge: LossWeight = Field(
        1.0, description="Weight of the hinge loss (Eq. 13). The paper gives none."
    )
    lambda_fm: LossWeight = Field(
        10.0,
        description="Weight of feature matching (Eq. 15). The paper gives none; this is SPADE's.",
    )
    lambda_vgg: LossWeight = Field(
        10.0, description="Weight of the VGG loss (Eq. 16). The paper gives none; this is SPADE's."
    )
    lambda_m: LossWeight = Field(5.0, description="Weight of the blending mask (Eq. 17).")
    lambda_face: LossWeight = Field(
        1.0, description="Weight of the face perceptual loss (Eq. 18). The paper gives none."
    )
    lambda_l1: LossWeight = Field(
        0.0, description="Weight of the mean absolute difference of colours on the person (ours)."
    )
    vgg: Path | None = Field(
        None,
        description="VGG19 for Eq. 16: torchvision's checkpoint, or the normalised one of "
        "style transfer; files with only the first layers will do. Without it, "
        "set `lambda_vgg: 0`.",
    )
    vgg_weights: tuple[LossWeight, ...] = Field(
        (1.0, 1.0, 1.0, 1.0, 1.0),
        min_length=1,
        max_length=5,
        description="Weights of relu1_1, relu2_1 and so on; layers without one are not used. "
        "The paper gives none; SPADE uses 1/32, 1/16, 1/8, 1/4, 1.",
    )
    vgg_reduce: Literal[1, 2] = Field(
        1,
        description="Reduce the pictures by this factor before VGG: 2 is four times faster (ours).",
    )
    faces: Path | None = Field(
        None,
        description="Checkpoint of VGGFace2's ResNet-50 for Eq. 18. Without it, set "
        "`lambda_face: 0`.",
    )
    discriminator_width: Channels = Field(
        64, description="Channels of the discriminators' first layer."
    )
    discriminators_from: Share = Field(
        0.0,
        description="From this share of the steps on the discriminators take part; before, Eqs. 13 "
        "to 15 are left out, which is quicker (ours).",
    )
    turn: Degrees = Field(8.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.2, description="Largest factor of random scaling.")
    shift: Share = Field(0.05, description="Largest shift, as a share of the canvas.")
    part_turn: Degrees = Field(
        15.0, description="Largest rotation in degrees of the picture that parts are cut from."
    )
    part_scale: Factor = Field(1.2, description="Largest factor of its random scaling.")
    part_shift: Share = Field(0.05, description="Largest shift of it, as a share of the canvas.")
    part_flip: Share = Field(
        0.5,
        description="Probability of mirroring it by itself, so that the parts do not tell "
        "where things are (ours).",
    )
    other_frame: Share = Field(
        0.5,
        description="Probability of cutting the parts from another picture of the person, if "
        "there is one.",
    )
    colour: Share = Field(
        0.0,
        description="Red, green, blue and contrast of parts and picture vary together by up "
        "to this share (ours).",
    )
    recolour: Share = Field(
        0.0,
        description="Probability of changing the colours of clothes, in parts and picture "
        "alike (ours).",
    )

    def missing(self) -> Mapping[str, str]:
        """The networks of losses that have a weight."""
        return {
            **({} if self.vgg or not self.lambda_vgg else {"vgg": VGG_LACKING}),
            **({} if self.faces or not self.lambda_face else {"faces": FACES_LACKING}),
        }
