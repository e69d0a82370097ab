"""How `retouch` is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Degrees, Factor, LossWeight, Settings, Share, Side


class RetouchSettings(Settings):
    """Those of every recipe, and retouch's own."""

    height: Side = Field(256, description="Of the pictures that are trained on.")
    width: Side = Field(160, description="Of the pictures that are trained on.")
    lambda_l1: LossWeight = Field(
        10.0, description="Weight of the mean difference of colours on the person."
    )
    lambda_vgg: LossWeight = Field(10.0, description="Weight of VGG's features.")
    lambda_mask: LossWeight = Field(
        0.3, description="Weight of the mask's mean on the person: what is right is left."
    )
    rim: int = Field(
        2,
        ge=0,
        le=64,
        description="Pixels along outlines that are not learnt from: labels are not exact there, "
        "and the true picture has the background in them.",
    )
    vgg: Path | None = Field(
        None, description="VGG19, files as for b2f. Training without it takes `lambda_vgg: 0`."
    )
    vgg_weights: tuple[LossWeight, ...] = Field(
        (0.5, 0.5, 1.0),
        min_length=1,
        max_length=5,
        description="Of relu1_1, relu2_1 and so on, as many as count.",
    )
    turn: Degrees = Field(10.0, description="Degrees by which pictures are turned, at most.")
    scale: Factor = Field(1.25, description="By which they are made larger or smaller.")
    shift: Share = Field(0.05, description="Share of the canvas by which they are moved.")
    colour: Share = Field(
        0.15, description="Red, green, blue and contrast are changed by up to this share."
    )
    light: float = Field(
        0.15,
        ge=0,
        le=4,
        description="How differently, in standard deviations of brightness, the photo may be lit.",
    )
    slide: float = Field(
        1.0,
        ge=0,
        le=64,
        description="Pixels (standard deviation) by which the puppet's picture slides over the "
        "truth, as cloth does: a photo that is moved to a pose and back fits too well.",
    )

    def lacking(self) -> Mapping[str, str]:
        """The network of a loss that has a weight."""
        if self.vgg or not self.lambda_vgg:
            return {}
        return {
            "vgg": "FILE, VGG19's first layers; or training.lambda_vgg: 0, to train without that "
            "loss"
        }
