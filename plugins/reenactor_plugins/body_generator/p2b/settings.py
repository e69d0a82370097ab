"""How P2B is trained: the figures. Imports no torch."""

from typing import Literal

from pydantic import Field

from reenactor.training.settings import (
    MANY,
    Channels,
    Degrees,
    Factor,
    LossWeight,
    Settings,
    Share,
    Side,
)


class P2BSettings(Settings):
    """Those of every recipe, and P2B's own."""

    height: Side = Field(256, description="Of the pictures that are trained on.")
    width: Side = Field(160, description="Of the pictures that are trained on.")
    lambda_d: LossWeight = Field(40.0, description="Weight of feature matching (Eq. 9).")
    lambda_ce: LossWeight = Field(1.0, description="Weight of the cross entropy (Eq. 9).")
    lambda_ls: LossWeight = Field(
        1.0, description="Weight of the least squares game, which Eq. 9 does not have: 1."
    )
    entropy: Literal["ce", "bce"] = Field(
        "ce",
        description="Eq. 12 as a softmax's cross entropy, or as one of each channel's sigmoid.",
    )
    balance: Share = Field(
        0.0,
        description="How much more a pixel of a small part (a hand, a forearm) counts in the cross "
        "entropy: by the pixels of its class, to the power of minus this (ours). 0 is Eq. 12.",
    )
    conditional: bool = Field(
        True, description="Discriminators see P2B's inputs beside the parsing, as in pix2pixHD."
    )
    judge_width: Channels = Field(64, description="Channels of the discriminators' first layer.")
    reach: int = Field(
        250,
        ge=0,
        le=MANY,
        description="Frames between the two poses of one person, at most (section 3.1).",
    )
    squeeze: Factor = Field(
        1.25,
        description="Parsings in and out become up to this much wider or narrower, the poses do "
        "not; 1 leaves them (Fig. 6 b). The paper gives no range.",
    )
    turn: Degrees = Field(10.0, description="Degrees by which examples are turned, at most.")
    scale: Factor = Field(1.2, description="By which examples are made larger or smaller.")
    shift: Share = Field(0.04, description="Share of the canvas by which they are moved.")
    other_body: Share = Field(
        0.0,
        description="How often the pose is taken from another body in the same pose, where the "
        "material has one (ours; the paper has only squeezing).",
    )
    mirror_alone: Share = Field(
        0.0,
        description="How often a photo without a partner is paired with its mirror image, so that "
        "the pose differs (ours).",
    )
    jitter: Share = Field(
        0.0,
        description="Key points are moved by this share of the canvas's height, as an estimator "
        "errs (ours).",
    )
    half_size_until: Share = Field(
        0.0,
        description="Up to this share of the steps at half the size: four times quicker (ours).",
    )
