"""Options of `openpose`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor.options import Options


class OpenPoseOptions(Options):
    """Which networks, and how large they see a frame."""

    required: ClassVar[Mapping[str, str]] = {
        "weights": "FILE, a public checkpoint of OpenPose's body network (docs/weights.md)"
    }

    weights: Literal["random"] | Path | None = Field(
        None,
        description="Checkpoint of the body network in PyTorch (.pth), BODY_25 or COCO by its "
        "layers' names. `random` is noise, good for nothing but tests of shapes and speed.",
    )
    hands: Path | None = Field(
        None, description="Checkpoint of the hand network; without one, hands are not seen."
    )
    face: Path | None = Field(
        None, description="Checkpoint of the face network; without one, faces are not seen."
    )
    height: int = Field(
        368,
        ge=64,
        le=1472,
        multiple_of=16,
        description="Frames are seen at this height in pixels, as by OpenPose's "
        "`--net_resolution -1x368`. Time grows with its square.",
    )
    max_people: int = Field(20, ge=1, le=100, description="Give at most this many people.")
    min_score: float = Field(
        0.4,
        ge=0,
        le=3,
        description="Leave out who has less than this from the points and limbs together, for "
        "each point.",
    )

    def remarks(self, canvas: tuple[int, int]) -> Mapping[str, str]:
        """What is not seen without the networks of hands and face."""
        del canvas
        missing = {}
        if self.hands is None:
            missing["hands"] = (
                "without `hands: FILE` no hands are seen: no fingers in stick figures, and no "
                "hand labels"
            )
        if self.face is None:
            missing["face"] = (
                "without `face: FILE` no faces are seen: no face labels, and a face_refiner never "
                "acts"
            )
        return missing
