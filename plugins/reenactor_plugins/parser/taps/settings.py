"""How `taps` is trained: the figures. Imports no torch."""

from pydantic import Field

from reenactor.training.settings import Decay, Degrees, Factor, LossWeight, Share, TrainingSettings


class TapsSettings(TrainingSettings):
    """Those of every recipe, and the parser's own."""

    learning_rate: float = Field(1.2e-3, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[Decay, Decay] = Field((0.9, 0.999), description="Adam's two decay rates.")
    lambda_ce: LossWeight = Field(1.0, description="Weight of the cross entropy.")
    lambda_auxiliary: LossWeight = Field(
        0.3,
        description="Weight of the cross entropy at an eighth of the size, inside the decoder.",
    )
    turn: Degrees = Field(14.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.25, description="Largest factor of random scaling.")
    shift: Share = Field(0.05, description="Largest shift, as a share of the square.")
    jitter: float = Field(
        1.0,
        ge=0,
        le=64,
        description="Standard deviation of the noise of the landmarks, in pixels of the square.",
    )
