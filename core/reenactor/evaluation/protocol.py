"""What an evaluation is asked to do, as plain values."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reenactor.errors import UsageError
from reenactor.metrics import METRICS
from reenactor.metrics.perceptual import Colours

TargetFrame = Literal["first", "frontal"] | int
"""Which frame of the driver is the photo of the target."""

SMALLEST, LARGEST = 32, 4096
"""Pixels along a side of the crop."""

BACKGROUND = "driver"
"""The background of every spec: the driver's own place, so that all methods show the same."""


@dataclass(frozen=True)
class Protocol:
    """How to measure.

    `canvas` is height and width of the crop that follows the dancer, on which everything is
    measured; None takes the analysing spec's. `required` are the metrics that must be computed,
    or else the evaluation is refused; `optional` those that are computed where that is possible.
    """

    videos: tuple[Path, ...]
    output: Path
    target: TargetFrame = "frontal"
    targets: tuple[Path, ...] = ()
    """Photos of other people: cross-reenactment, each of them with each video."""
    canvas: tuple[int, int] | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = tuple(METRICS)
    overrides: tuple[str, ...] = ()
    draws: int = 1000
    seed: int = 0
    analyst: str = ""
    """The spec whose parser and pose estimators look at all pictures; else the first method's."""
    identity: Path | None = None
    """An ONNX face embedding network of the user's."""
    identity_scale: Literal["signed", "unit", "raw"] = "signed"
    features: Path | None = None
    """A network of the user's for the perceptual distance, and the colours that it takes."""
    features_input: Colours = "imagenet"
    overwrite: bool = False
    """Whether files may be replaced that no evaluation made."""

    @property
    def crosses(self) -> bool:
        """Whether targets are other people, so that no frame is the truth."""
        return bool(self.targets)


@dataclass(frozen=True)
class GivenFrames:
    """A method that enters as folders of frames: `FOLDER/VIDEO/000000.png` and so on."""

    name: str
    folder: Path


@dataclass(frozen=True)
class BySpec:
    """A method that is a pipeline of ours."""

    name: str
    spec: str


Method = GivenFrames | BySpec


@dataclass(frozen=True)
class Pairing:
    """One video and the photo that it is danced with; `name` also names files."""

    name: str
    video: Path
    target: Path | None = None
    """None: a frame of the video itself."""


@dataclass(frozen=True)
class Request:
    """Everything together, checked for what can be seen without reading a video."""

    protocol: Protocol
    methods: tuple[Method, ...]
    pairings: tuple[Pairing, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.methods:
            raise UsageError("nothing to evaluate", expected="a SPEC, or --method NAME=FOLDER")
        if not self.protocol.videos:
            raise UsageError("no videos", expected="--videos FILE, which may be given again")
        if self.protocol.canvas is not None and not all(
            SMALLEST <= side <= LARGEST for side in self.protocol.canvas
        ):
            raise UsageError(
                "no such crop",
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
            f"two {what} have one name",
            given=", ".join(twice),
            expected="names that tell them apart, since results are kept under them",
        )
    bad = [name for name in names if not name or set(name) & set('/\\:*?"<>|') or name[0] == "."]
    if bad:
        raise UsageError(f"{what} need names that can be files'", given=", ".join(bad))
