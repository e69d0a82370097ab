"""How `smp` is trained: the figures. Imports no torch."""

from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Decay, Degrees, Factor, LossWeight, Share, TrainingSettings


class SmpSettings(TrainingSettings):
    """Those of every recipe, and the parser's own."""

    learning_rate: float = Field(3e-4, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[Decay, Decay] = Field((0.9, 0.999), description="Adam's two decay rates.")
    encoder_weights: Path | None = Field(
        None,
        description="A timm file (.safetensors or .pth) with weights to initialise the "
        "encoder. Nothing is downloaded; without it the encoder starts from "
        "random weights.",
    )
    lambda_ce: LossWeight = Field(1.0, description="Weight of the cross entropy.")
    lambda_dice: LossWeight = Field(
        1.0,
        description="Weight of the dice loss, in which small classes count as much as large ones.",
    )
    turn: Degrees = Field(15.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.25, description="Largest factor of random scaling.")
    shift: Share = Field(0.08, description="Largest shift, as a share of the square.")
    colour: Share = Field(
        0.3, lt=1, description="Largest change of brightness, contrast and each colour."
    )
