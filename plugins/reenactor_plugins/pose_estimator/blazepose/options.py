"""Options of `blazepose`."""

from pydantic import Field

from reenactor.options import Options
from reenactor_plugins.networks.mediapipe.weights import FACE_WEIGHTS, HAND_WEIGHTS


class BlazePoseOptions(Options):
    """Whom to look for, how closely, and with how many threads."""

    max_people: int = Field(
        3,
        ge=1,
        le=20,
        description="Follow at most this many people. The time grows with their number.",
    )
    detect_every: int = Field(
        10,
        ge=1,
        le=1_000_000,
        description="How often, in frames, to look for new people, and in smaller parts of "
        "the picture if nobody is known. They are also looked for whenever "
        "somebody is lost or nobody is known.",
    )
    hands: bool = Field(True, description="Find the 21 points of each hand.")
    face: bool = Field(True, description="Find the 70 points of the face.")
    min_confidence: float = Field(
        0.5, ge=0, le=1, description="Ignore people with a lower probability."
    )
    threads: int = Field(
        2,
        ge=1,
        le=8,
        description="1 runs one network after another. With more, hands and faces of a frame "
        "are found while the bodies of the next one are. The results are "
        "identical.",
    )

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """Networks for hands or faces only where they are wanted."""
        unwanted = (() if self.hands else HAND_WEIGHTS) + (() if self.face else FACE_WEIGHTS)
        return names - {weight.name for weight in unwanted}
