"""A spec: the components of the six roles and their options. Plain frozen values."""

from typing import Literal

from pydantic import Field

from reenactor.manifest import Role
from reenactor.spec.background import Background, SceneBackground
from reenactor.spec.choice import Choice, Choices, NeededChoice, OptionalChoice, SpecPart
from reenactor.spec.motion import MotionSpec, OutputSpec
from reenactor.spec.source import FieldPath


class Spec(SpecPart):
    """A pipeline as described by a YAML file; `model_dump(mode="json")` is the inverse."""

    version: Literal[1] = Field(description="the version of this format")
    parser: NeededChoice = Field(description="classifies every pixel of the target")
    pose_estimator: Choices = Field(
        description="finds people and their key points; a list where surface coordinates are "
        "wanted too"
    )
    inpainter: OptionalChoice = Field(
        default=None, description="removes people from backgrounds, or `none`"
    )
    body_generator: NeededChoice = Field(
        description="draws the target's parsing in the driver's pose"
    )
    frame_renderer: NeededChoice = Field(
        description="renders the target's picture and its blending mask"
    )
    face_refiner: OptionalChoice = Field(
        default=None, description="makes the rendered face resemble the target's, or `none`"
    )
    background: Background = Field(
        default=SceneBackground(scene="driver"),
        description="driver, target, transparent, a colour, an image, a folder or a video",
    )
    motion: MotionSpec = Field(default=MotionSpec(), description="how the motion is processed")
    output: OutputSpec = Field(
        default=OutputSpec(), description="the canvas on which the networks work"
    )

    def choices(self) -> tuple[tuple[FieldPath, Role, Choice], ...]:
        """All components that the spec names: field, role and choice."""
        found: list[tuple[FieldPath, Role, Choice]] = []
        for role in Role:
            value = getattr(self, role.value)
            if isinstance(value, tuple):
                found += [((role.value, i), role, choice) for i, choice in enumerate(value)]
            elif value is not None:
                found.append(((role.value,), role, value))
        return tuple(found)
