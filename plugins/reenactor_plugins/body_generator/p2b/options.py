"""Options of `p2b`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from reenactor.errors import WeightsError
from reenactor.spec.motion import CANVAS_STEP, PAPER_CANVAS
from reenactor.weights.header import training_info
from reenactor_plugins.networks.trained_options import SHIPPED, TrainedOptions

SMALL = [256, 160]
"""Height and width on which the shipped network was trained, which its file does not contain."""


class P2BOptions(TrainedOptions):
    """Options of `p2b`."""

    trained_with: ClassVar[frozenset[str]] = frozenset({"size", "dense", "hands", "residual_norm"})

    size: Literal["paper", "small", "tiny"] = Field(
        "paper",
        description="Size of the network, as it was trained: `paper` has pix2pixHD's 64 channels, "
        "4 downsamplings and 9 residual blocks, `small` suits a CPU, `tiny` suits tests.",
    )
    dense: Literal["full", "coarse", "none"] = Field(
        "full",
        description="Dense pose in the input, as in training: `coarse` in blocks of 8 "
        "pixels, like a less accurate estimator (Fig. 6 c); `none` without it "
        "(Fig. 6 d).",
    )
    hands: bool = Field(
        True,
        description="Fingers in the stick figure and hand classes in the target's parsing, as in "
        "training (without them and with `dense: none`: Fig. 6 e).",
    )
    residual_norm: Literal["batch", "instance"] = Field(
        "batch",
        description="Norm of the residual blocks, as in training: the paper names batch norm for "
        "the encoder and instance norm for the decoder, and none for what lies between.",
    )
    reduce: Literal[1, 2, 4] = Field(
        1,
        description="Work on a canvas this many times smaller and enlarge the result: "
        "faster, and right for a network that was trained at that size.",
    )

    def required_facets(self, names: frozenset[str]) -> frozenset[str]:
        """All facets, except the dense pose if the network does not use it."""
        return names - {"dense"} if self.dense == "none" else names

    def notes(self, canvas: tuple[int, int]) -> Mapping[str, str]:
        """Warn if the network was trained at another size than it is used at, because its receptive
        field then covers more or less of a person."""
        trained, works = self._trained(), [side // self.reduce for side in canvas]
        if not trained or trained == works:
            return {}
        fits = [r for r in (1, 2, 4) if [side // r for side in canvas] == trained]
        advice = (
            f"`reduce: {fits[0]}` makes them the same"
            if fits
            else ("a canvas (output.height, output.width) or `reduce` of its size suits it better")
        )
        return {
            "weights": f"the network was trained on {trained[0]}x{trained[1]} pixels and works "
            f"here on {works[0]}x{works[1]}; {advice}"
        }

    def canvas(self) -> tuple[int, int]:
        """The canvas of the training, or the paper's if that is unknown or no canvas."""
        sides = [side * self.reduce for side in self._trained()]
        if not sides or any(side % CANVAS_STEP or not 64 <= side <= 4096 for side in sides):
            return PAPER_CANVAS
        return sides[0], sides[1]

    def _trained(self) -> list[int]:
        """Height and width on which the network was trained; empty if unknown."""
        if self.weights == SHIPPED:
            return SMALL
        if not isinstance(self.weights, Path) or not self.weights.is_file():
            return []
        try:
            said: Any = training_info(self.weights).get("canvas")
        except WeightsError:  # reported when the file is loaded
            return []
        if not isinstance(said, list) or len(said) != 2:
            return []
        return said if all(isinstance(side, int) for side in said) else []
