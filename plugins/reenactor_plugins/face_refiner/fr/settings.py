"""How FR is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from reenactor.spec.choice import NONE
from reenactor.training.settings import (
    Channels,
    Degrees,
    Factor,
    LossWeight,
    Share,
    TrainingSettings,
)


class FRSettings(TrainingSettings):
    """Those of every recipe, and FR's own.

    The paper takes its losses from the de-identification network without naming their weights;
    all of them are ours.
    """

    learning_rate: float = Field(1e-4, gt=0, le=1, description="Learning rate of Adam.")
    renderer: str | None = Field(
        None,
        description="A spec, by name or file, whose frame_renderer draws the frames that FR learns "
        "to refine; `none` blurs the true face instead (ours): FR then knows nothing of how the "
        "renderer errs.",
    )
    vgg: Path | None = Field(
        None,
        description="VGG19, if `faces` is not given: its features of the true face replace "
        "Eq. 18 (ours). Files as for b2f.",
    )
    vgg_weights: tuple[LossWeight, ...] = Field(
        (1.0, 1.0, 1.0),
        min_length=1,
        max_length=5,
        description="Weights of relu1_1, relu2_1 and so on; layers without one are not used.",
    )
    faces: Path | None = Field(None, description="Checkpoint of VGGFace2's ResNet-50 for Eq. 18.")
    lambda_adversarial: LossWeight = Field(0.5, description="Weight of the adversarial loss.")
    lambda_raw: LossWeight = Field(
        0.5, description="Weight of the difference between c and the truth."
    )
    lambda_blended: LossWeight = Field(0.5, description="The same for c blended with c^0.")
    lambda_edges: LossWeight = Field(
        0.5, description="The same for differences of neighbouring pixels."
    )
    lambda_perceptual: LossWeight = Field(1.0, description="Weight of Eq. 18.")
    lambda_mask: LossWeight = Field(3e-3, description="Weight of the mask's size.")
    lambda_mask_edges: LossWeight = Field(1e-2, description="Weight of the mask's gradients.")
    discriminator_width: Channels = Field(
        64, description="Channels of the discriminator's first layer."
    )
    smallest: float = Field(
        8.0,
        ge=6,
        le=256,
        description="Faces with fewer pixels between the eyes are not used.",
    )
    turn: Degrees = Field(5.0, description="Largest rotation in degrees.")
    scale: Factor = Field(1.08, description="Largest factor of random scaling.")
    shift: Share = Field(0.04, description="Largest shift, as a share of the crop.")
    other_frame: Share = Field(
        0.8,
        description="Probability of taking c_I from another picture of the person, if there "
        "is one. Otherwise it is the same picture's face, mirrored half of the "
        "time.",
    )
    colour: Share = Field(
        0.0,
        description="Red, green, blue and contrast of all crops of a face vary together by "
        "up to this share (ours).",
    )
    blur: float = Field(
        4.0,
        ge=1,
        le=64,
        description="With `renderer: none`: by how much finer detail is lost, at most, as a factor "
        "of the crop's size.",
    )

    def missing(self) -> Mapping[str, str]:
        """The renderer, and a network of Eq. 18 where that has a weight."""
        found = {}
        if self.faces is None and self.vgg is None and self.lambda_perceptual:
            found["faces"] = (
                "FILE, VGGFace2 for Eq. 18; or training.vgg: FILE, VGG19 in its place; or "
                "training.lambda_perceptual: 0, to train without that loss"
            )
        if self.renderer is None:
            found["renderer"] = (
                "SPEC, whose frame_renderer draws what FR refines; or training.renderer: none, to "
                "train on blurred faces"
            )
        return found

    def drawn_by(self) -> str | None:
        """The spec whose renderer draws the frames; None where faces are blurred instead."""
        return None if self.renderer == NONE else self.renderer
