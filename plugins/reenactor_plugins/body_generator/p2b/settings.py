"""How P2B is trained: the figures. Imports no torch."""

from typing import Literal

from pydantic import Field

from reenactor.training.settings import (
    MANY,
    Channels,
    Degrees,
    Factor,
    LossWeight,
    Share,
    Side,
    TrainingSettings,
)


class P2BSettings(TrainingSettings):
    """Those of every recipe, and P2B's own."""

    height: Side = Field(256, description="Height of the training pictures.")
    width: Side = Field(160, description="Width of the training pictures.")
    lambda_d: LossWeight = Field(40.0, description="Weight of feature matching (Eq. 9).")
    lambda_ce: LossWeight = Field(1.0, description="Weight of the cross entropy (Eq. 9).")
    lambda_ls: LossWeight = Field(
        1.0, description="Weight of the least squares GAN loss. Eq. 9 has none, that is, 1."
    )
    entropy: Literal["ce", "bce"] = Field(
        "ce",
        description="Eq. 12 as softmax cross entropy (`ce`), or as binary cross entropy of "
        "each channel's sigmoid (`bce`).",
    )
    balance: Share = Field(
        0.0,
        description="Weights the cross entropy of each class by its pixel count to the power "
        "of minus this, so that hands and forearms count more (ours). 0 is Eq. "
        "12.",
    )
    conditional: bool = Field(
        True, description="The discriminators see P2B's inputs beside the parsing, as in pix2pixHD."
    )
    discriminator_width: Channels = Field(
        64, description="Channels of the discriminators' first layer."
    )
    reach: int = Field(
        250,
        ge=0,
        le=MANY,
        description="Largest distance in frames between the two poses of a person (section 3.1).",
    )
    squeeze: Factor = Field(
        1.25,
        description="Parsings in and out are widened or narrowed by up to this factor, poses "
        "are not; 1 disables it (Fig. 6 b). The paper gives no range.",
    )
    turn: Degrees = Field(10.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.2, description="Largest factor of random scaling.")
    shift: Share = Field(0.04, description="Largest shift, as a share of the canvas.")
    other_body: Share = Field(
        0.0,
        description="Probability of taking the pose from another body in the same pose, if "
        "there is one (ours; the paper only squeezes).",
    )
    mirror_alone: Share = Field(
        0.0,
        description="Probability of pairing a photo that has no partner with its mirror "
        "image, so that the pose differs (ours).",
    )
    jitter: Share = Field(
        0.0,
        description="Noise of the key points, as a share of the canvas's height, to imitate "
        "an estimator's errors (ours).",
    )
    half_size_until: Share = Field(
        0.0,
        description="Up to this share of the steps, train at half size: four times faster (ours).",
    )
