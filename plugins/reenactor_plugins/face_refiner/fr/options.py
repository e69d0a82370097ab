"""Options of `fr`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from reenactor_plugins.face_refiner.fr.weights import FAN
from reenactor_plugins.networks.public_weights import PUBLIC, Public
from reenactor_plugins.networks.trained_options import TrainedOptions


class FROptions(TrainedOptions):
    """Options of `fr`."""

    trained_with: ClassVar[frozenset[str]] = frozenset({"size", "crop", "identity"})

    size: Literal["paper", "small", "tiny"] = Field(
        "paper",
        description="Size of the network, as it was trained. Even `paper` has channels of our "
        "choice: the de-identification network's were not published.",
    )
    crop: Literal[128, 224, 256] = Field(
        224,
        description="Pixels of the aligned face's side, as in training (not for `tiny`: 64). The "
        "paper's method has 224 or 256; 128 (ours) suits faces that are small on the canvas.",
    )
    identity: Literal["paper", "small"] = Field(
        "paper",
        description="What embeds the target's face, as in training: `paper` is VGGFace2's "
        "ResNet-50 (needs `faces`), `small` is trained with the network and needs no other file.",
    )
    faces: Path | None = Field(
        None,
        description="Checkpoint of VGGFace2's ResNet-50 in the public PyTorch layout, for "
        "`identity: paper`.",
    )
    landmarks: Literal["skeleton", "face-alignment", "insightface"] = Field(
        "skeleton",
        description="Source of the face points for alignment: the spec's pose_estimator, the "
        "paper's network (needs the package face-alignment and `fan`), or "
        "InsightFace's detector (needs the package insightface and "
        "`insightface`).",
    )
    fan: Public | Path = Field(
        "public",
        description="Checkpoint of the face alignment network, 2DFAN4, for "
        "`landmarks: face-alignment`: `public` is the one that `reenactor weights pull` downloads.",
    )
    insightface: Path | None = Field(
        None,
        description="SCRFD face detector with five points (.onnx), or the folder of an InsightFace "
        "model pack that has one, for `landmarks: insightface`.",
    )

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The shipped weights and the public face alignment network, if selected."""
        fan = self.landmarks == "face-alignment" and self.fan == PUBLIC
        return (super().required_weights(names) - {FAN.name}) | ({FAN.name} if fan else set())

    def missing(self) -> Mapping[str, str]:
        """Missing weights, including those of pretrained networks."""
        needed = {"faces": self.identity == "paper",
                  "insightface": self.landmarks == "insightface"}  # fmt: skip
        return {
            **super().missing(),
            **self.needed(*(name for name, is_so in needed.items() if is_so)),
        }
