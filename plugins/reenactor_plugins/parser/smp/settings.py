"""How `smp` is trained: the figures. Imports no torch."""

from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Decay, Degrees, Factor, LossWeight, Settings, Share


class SmpSettings(Settings):
    """Those of every recipe, and the parser's own."""

    rate: float = Field(3e-4, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[Decay, Decay] = Field((0.9, 0.999), description="Adam's two decay rates.")
    encoder_weights: Path | None = Field(
        None,
        description="A file of the encoder's weights to begin with, as timm has them "
        "(.safetensors or .pth). Nothing is downloaded; without it the encoder begins with noise.",
    )
    lambda_ce: LossWeight = Field(1.0, description="Weight of the cross entropy.")
    lambda_dice: LossWeight = Field(
        1.0, description="Weight of the dice loss, which looks at small classes as at large."
    )
    turn: Degrees = Field(15.0, description="Degrees by which examples are turned, at most.")
    scale: Factor = Field(1.25, description="By which examples are made larger or smaller.")
    shift: Share = Field(0.08, description="Share of the square by which they are moved.")
    colour: Share = Field(
        0.3, lt=1, description="By which brightness, contrast and each colour vary, at most."
    )
