"""Options of `blazepose`."""

from pydantic import Field

from reenactor.options import Options
from reenactor_plugins.networks.mediapipe.weights import FACE_WEIGHTS, HAND_WEIGHTS


class BlazePoseOptions(Options):
    """Whom to look for, how closely, and with how many threads."""

    max_people: int = Field(
        3, ge=1, le=20, description="Follow at most this many people; each costs as much again."
    )
    detect_every: int = Field(
        10,
        ge=1,
        le=1_000_000,
        description="Look for people not yet followed in every such frame (by its number in the "
        "video), and in smaller parts of the picture where nobody is known. Besides that, they "
        "are looked for whenever somebody is lost or nobody is known.",
    )
    hands: bool = Field(True, description="Find the 21 points of each hand.")
    face: bool = Field(True, description="Find the points of the face.")
    min_confidence: float = Field(
        0.5, ge=0, le=1, description="Somebody less sure than this to be a person is left out."
    )
    threads: int = Field(
        2,
        ge=1,
        le=8,
        description="1: one network after another. More: hands and faces of a frame are found by "
        "the other threads while the first one finds the bodies of the next frame. The results "
        "are the same.",
    )

    def wanted_weights(self, names: frozenset[str]) -> frozenset[str]:
        """Networks for hands or faces only where they are wanted."""
        unwanted = (() if self.hands else HAND_WEIGHTS) + (() if self.face else FACE_WEIGHTS)
        return names - {weight.name for weight in unwanted}
