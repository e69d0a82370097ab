"""How `retouch` is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Settings


class RetouchSettings(Settings):
    """Those of every recipe, and retouch's own."""

    height: int = Field(256, gt=0, description="Of the pictures that are trained on.")
    width: int = Field(160, gt=0, description="Of the pictures that are trained on.")
    lambda_l1: float = Field(
        10.0, ge=0, description="Weight of the mean difference of colours on the person."
    )
    lambda_vgg: float = Field(10.0, ge=0, description="Weight of VGG's features.")
    lambda_mask: float = Field(
        0.3, ge=0, description="Weight of the mask's mean on the person: what is right is left."
    )
    rim: int = Field(
        2,
        ge=0,
        description="Pixels along outlines that are not learnt from: labels are not exact there, "
        "and the true picture has the background in them.",
    )
    vgg: Path | None = Field(
        None, description="VGG19, files as for b2f. Training without it takes `lambda_vgg: 0`."
    )
    vgg_weights: tuple[float, ...] = Field(
        (0.5, 0.5, 1.0),
        min_length=1,
        max_length=5,
        description="Of relu1_1, relu2_1 and so on, as many as count.",
    )
    turn: float = Field(10.0, ge=0, description="Degrees by which pictures are turned, at most.")
    scale: float = Field(1.25, ge=1, description="By which they are made larger or smaller.")
    shift: float = Field(0.05, ge=0, description="Share of the canvas by which they are moved.")
    colour: float = Field(
        0.15, ge=0, description="Red, green, blue and contrast are changed by up to this share."
    )
    light: float = Field(
        0.15,
        ge=0,
        description="How differently, in standard deviations of brightness, the photo may be lit.",
    )
    slide: float = Field(
        1.0,
        ge=0,
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
