"""The settings of an evaluation, as plain values."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reenactor.errors import UsageError
from reenactor.metrics import METRICS
from reenactor.metrics.perceptual import Colours

TargetFrame = Literal["first", "frontal"] | int
"""The driver's frame that serves as the target photo."""

SMALLEST, LARGEST = 32, 4096
"""Bounds for the sides of the crop in pixels."""

BACKGROUND = "driver"
"""The background for every spec: the driver's, so that all methods show the same."""


@dataclass(frozen=True)
class Protocol:
    """How to measure.

    `canvas` is the height and width of the crop that follows the dancer, on which everything is
    measured; None uses the annotating spec's canvas. `required` metrics must be computable, or
    the evaluation is refused; `optional` metrics are computed if possible.
    """

    videos: tuple[Path, ...]
    output: Path
    target: TargetFrame = "frontal"
    targets: tuple[Path, ...] = ()
    """Photos of other people for cross-reenactment: each photo is combined with each video."""
    canvas: tuple[int, int] | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = tuple(METRICS)
    overrides: tuple[str, ...] = ()
    draws: int = 1000
    seed: int = 0
    analyst: str = ""
    """The spec whose parser and pose estimators annotate all crops; default: the first method's."""
    identity: Path | None = None
    """A face embedding network: a user's in ONNX, or `dlib`."""
    identity_scale: Literal["signed", "unit", "raw"] = "signed"
    features: Path | None = None
    """A user-supplied network for the perceptual distance, and its input convention."""
    features_input: Colours = "imagenet"
    overwrite: bool = False
    """Whether files that no evaluation made may be replaced."""

    @property
    def crosses(self) -> bool:
        """Whether targets are other people, so that there is no ground truth."""
        return bool(self.targets)


@dataclass(frozen=True)
class GivenFrames:
    """A method given as folders of frames: `FOLDER/VIDEO/000000.png` and so on."""

    name: str
    folder: Path


@dataclass(frozen=True)
class BySpec:
    """A method given as a spec."""

    name: str
    spec: str


Method = GivenFrames | BySpec


@dataclass(frozen=True)
class Pairing:
    """A video and a target photo; `name` is also used for files."""

    name: str
    video: Path
    target: Path | None = None
    """None for a frame of the video itself."""


@dataclass(frozen=True)
class EvaluationRequest:
    """A complete request, validated as far as possible without reading a video."""

    protocol: Protocol
    methods: tuple[Method, ...]
    pairings: tuple[Pairing, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.methods:
            raise UsageError("nothing to evaluate", expected="a SPEC, or --method NAME=FOLDER")
        if not self.protocol.videos:
            raise UsageError("no videos", expected="--videos FILE, repeatable")
        if self.protocol.canvas is not None and not all(
            SMALLEST <= side <= LARGEST for side in self.protocol.canvas
        ):
            raise UsageError(
                "invalid crop size",
                given="{1}x{0}".format(*self.protocol.canvas),
                expected=f"sides of {SMALLEST} to {LARGEST} pixels",
            )
        _require_distinct("methods", [method.name for method in self.methods])
        pairings = _pairings(self.protocol)
        _require_distinct("videos (or targets)", [pairing.name for pairing in pairings])
        object.__setattr__(self, "pairings", pairings)


def _pairings(protocol: Protocol) -> tuple[Pairing, ...]:
    if not protocol.crosses:
        return tuple(Pairing(video.stem, video) for video in protocol.videos)
    return tuple(
        Pairing(f"{target.stem}+{video.stem}", video, target)
        for target in protocol.targets
        for video in protocol.videos
    )


def _require_distinct(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"two {what} have the same name",
            given=", ".join(twice),
            expected="unique names: results are stored by name",
        )
    bad = [name for name in names if not name or set(name) & set('/\\:*?"<>|') or name[0] == "."]
    if bad:
        raise UsageError(f"{what} need names that can be files'", given=", ".join(bad))
