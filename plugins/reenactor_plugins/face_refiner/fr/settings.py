"""How FR is trained: the figures. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from reenactor.training.settings import Settings


class FRSettings(Settings):
    """Those of every recipe, and FR's own.

    The paper takes its losses from the de-identification network without naming their weights;
    all of them are ours.
    """

    rate: float = Field(1e-4, gt=0, description="Learning rate of Adam.")
    renderer: str | None = Field(
        None,
        description="A spec, by name or file, whose frame_renderer draws the frames that FR learns "
        "to refine. Without it the true face is made worse instead (ours): FR then knows nothing "
        "of how the renderer errs.",
    )
    vgg: Path | None = Field(
        None,
        description="VGG19, where `faces` is not given: likeness to the true face in its features, "
        "in place of Eq. 18 (ours). Files as for b2f.",
    )
    vgg_weights: tuple[float, ...] = Field(
        (1.0, 1.0, 1.0),
        min_length=1,
        max_length=5,
        description="Of relu1_1, relu2_1 and so on, as many as count.",
    )
    faces: Path | None = Field(
        None, description="Checkpoint of VGGFace2's ResNet-50 for Eq. 18, likeness to the target."
    )
    lambda_adversarial: float = Field(0.5, ge=0, description="Weight of the discriminator's word.")
    lambda_raw: float = Field(0.5, ge=0, description="Weight of the difference of c to the truth.")
    lambda_blended: float = Field(0.5, ge=0, description="The same for c blended with c^0.")
    lambda_edges: float = Field(0.5, ge=0, description="The same for differences of neighbours.")
    lambda_perceptual: float = Field(1.0, ge=0, description="Weight of Eq. 18.")
    lambda_mask: float = Field(3e-3, ge=0, description="Weight of the mask's size.")
    lambda_mask_edges: float = Field(1e-2, ge=0, description="Weight of the mask's edges.")
    judge_width: int = Field(64, gt=0, description="Channels of the discriminator's first layer.")
    smallest: float = Field(
        8.0, ge=6, description="Pixels between the eyes below which a face is not learnt from."
    )
    turn: float = Field(5.0, ge=0, description="Degrees by which crops are turned, at most.")
    scale: float = Field(1.08, ge=1, description="By which they are made larger or smaller.")
    shift: float = Field(0.04, ge=0, description="Share of a crop by which they are moved.")
    other_frame: float = Field(
        0.8,
        ge=0,
        le=1,
        description="How often c_I is from another picture of the person, where there is one. "
        "Otherwise it is the same picture's face, half the time mirrored.",
    )
    colour: float = Field(
        0.0,
        ge=0,
        description="Red, green, blue and contrast of all crops of a face are changed by up to "
        "this share (ours).",
    )
    blur: float = Field(
        4.0,
        ge=1,
        description="Without a renderer: by how much finer detail is lost, at most, as a factor of "
        "the crop's size.",
    )

    def lacking(self) -> Mapping[str, str]:
        """A network of Eq. 18, where that has a weight."""
        if self.faces or self.vgg or not self.lambda_perceptual:
            return {}
        return {
            "faces": "FILE, VGGFace2 for Eq. 18; or training.vgg: FILE, VGG19 in its place; or "
            "training.lambda_perceptual: 0, to train without that loss"
        }
