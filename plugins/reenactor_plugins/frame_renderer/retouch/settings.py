"""How `retouch` is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Degrees, Factor, LossWeight, Share, Side, TrainingSettings


class RetouchSettings(TrainingSettings):
    """Those of every recipe, and retouch's own."""

    height: Side = Field(256, description="Height of the training pictures.")
    width: Side = Field(160, description="Width of the training pictures.")
    lambda_l1: LossWeight = Field(
        10.0, description="Weight of the mean absolute difference of colours on the person."
    )
    lambda_vgg: LossWeight = Field(10.0, description="Weight of the VGG loss.")
    lambda_mask: LossWeight = Field(
        0.3,
        description="Weight of the mask's mean on the person, so that correct pixels are "
        "left alone.",
    )
    rim: int = Field(
        2,
        ge=0,
        le=64,
        description="Pixels along outlines that are ignored: labels are not exact there, and "
        "the true picture shows background.",
    )
    vgg: Path | None = Field(
        None, description="VGG19, files as for b2f. Without it, set `lambda_vgg: 0`."
    )
    vgg_weights: tuple[LossWeight, ...] = Field(
        (0.5, 0.5, 1.0),
        min_length=1,
        max_length=5,
        description="Weights of relu1_1, relu2_1 and so on; layers without one are not used.",
    )
    turn: Degrees = Field(10.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.25, description="Largest factor of random scaling.")
    shift: Share = Field(0.05, description="Largest shift, as a share of the canvas.")
    colour: Share = Field(
        0.15, description="Red, green, blue and contrast vary by up to this share."
    )
    light: float = Field(
        0.15,
        ge=0,
        le=4,
        description="Largest change of the photo's lighting, in standard deviations of brightness.",
    )
    slide: float = Field(
        1.0,
        ge=0,
        le=64,
        description="Standard deviation in pixels by which the puppet's picture is shifted "
        "against the truth, as cloth slides. A photo that is moved to a pose and "
        "back fits too well.",
    )

    def missing(self) -> Mapping[str, str]:
        """The network of a loss that has a weight."""
        if self.vgg or not self.lambda_vgg:
            return {}
        return {
            "vgg": "FILE, VGG19's first layers; or training.lambda_vgg: 0, to train without that "
            "loss"
        }
