"""How `taps` is trained: the figures. Imports no torch."""

from pydantic import Field

from reenactor.training.settings import TrainingSettings


class TapsSettings(TrainingSettings):
    """Those of every recipe, and the parser's own."""

    learning_rate: float = Field(1.2e-3, gt=0, le=1, description="Learning rate of Adam.")
    betas: tuple[float, float] = Field((0.9, 0.999), description="Adam's two decay rates.")
    lambda_ce: float = Field(1.0, ge=0, description="Weight of the cross entropy.")
    lambda_auxiliary: float = Field(
        0.3,
        ge=0,
        description="Weight of the cross entropy at an eighth of the size, inside the decoder.",
    )
    turn: float = Field(14.0, ge=0, description="Largest rotation in degrees.")
    scale: float = Field(1.25, ge=1, description="Largest factor of random scaling.")
    shift: float = Field(0.05, ge=0, description="Largest shift, as a share of the square.")
    jitter: float = Field(
        1.0,
        ge=0,
        description="Standard deviation of the noise of the landmarks, in pixels of the square.",
    )
