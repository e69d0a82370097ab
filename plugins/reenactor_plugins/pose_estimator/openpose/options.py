"""Options of `openpose`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.networks.public_weights import Public, PublicOptions


class OpenPoseOptions(PublicOptions):
    """Which networks, and how large they see a frame."""

    public: ClassVar[Mapping[str, str]] = {
        "weights": "openpose-body",
        "hands": "openpose-hands",
        "face": "openpose-face",
    }

    weights: Public | Literal["random"] | Path = Field(
        "public",
        description="Checkpoint of the body network in PyTorch (.pth): BODY_25 or COCO, "
        "which its layers' names tell. `public` is COCO's, which `reenactor weights pull` "
        "downloads; `random` gives random weights, for tests of shapes and speed.",
    )
    hands: Public | Path | None = Field(
        None,
        description="Checkpoint of the hand network: `public`, or a file. Without it, hands are "
        "not found.",
    )
    face: Public | Path | None = Field(
        None,
        description="Checkpoint of the face network: `public`, or a file. Without it, faces are "
        "not found.",
    )
    height: int = Field(
        368,
        ge=64,
        le=1472,
        multiple_of=16,
        description="Height in pixels at which the network sees a frame, like OpenPose's "
        "`--net_resolution -1x368`. Time grows with its square.",
    )
    max_people: int = Field(20, ge=1, le=100, description="Return at most this many people.")
    min_score: float = Field(
        0.4,
        ge=0,
        le=3,
        description="Ignore people whose score, from points and limbs, is lower per point.",
    )

    def notes(self, canvas: tuple[int, int]) -> Mapping[str, str]:
        """What is not seen without the networks of hands and face."""
        del canvas
        missing = {}
        if self.hands is None:
            missing["hands"] = (
                "without `hands: public` no hands are seen: no fingers in stick figures, and no "
                "hand labels"
            )
        if self.face is None:
            missing["face"] = (
                "without `face: public` no faces are seen: no face labels, and a face_refiner "
                "never acts"
            )
        return missing
