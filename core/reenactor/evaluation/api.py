"""Evaluating from Python: `reenactor.evaluate`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from reenactor.api import PathLike, Setup
from reenactor.evaluation import run
from reenactor.evaluation.protocol import BySpec, GivenFrames, Method, Protocol, TargetFrame
from reenactor.evaluation.report import Evaluation
from reenactor.metrics import METRICS, named
from reenactor.metrics.perceptual import Colours
from reenactor.progress import Progress
from reenactor.runtime import float32_by_default


@float32_by_default()
def evaluate(
    specs: Iterable[str],
    videos: Iterable[PathLike],
    output: PathLike,
    *,
    frames: Mapping[str, PathLike] | None = None,
    target: TargetFrame = "frontal",
    targets: Iterable[PathLike] = (),
    metrics: Iterable[str] = (),
    canvas: tuple[int, int] | None = None,
    analyst: str = "",
    identity: PathLike | None = None,
    identity_scale: Literal["signed", "unit", "raw"] = "signed",
    features: PathLike | None = None,
    features_input: Colours = "imagenet",
    overrides: Iterable[str] = (),
    overwrite: bool = False,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure specs and other methods on videos, and write the reports to a folder.

    Without `targets` the target is a frame of each video, so that the video is the ground truth.
    What was measured before is kept, so that an interrupted call continues where it stopped.

    Args:
        specs: pipelines, by name or file; each is named after its file.
        videos: driving videos.
        output: the folder of the evaluation.
        frames: other methods: a name, and a folder that holds `VIDEO/000000.png` and so on.
        target: the frame that is the target: `first`, `frontal` or its number.
        targets: photos of other people instead (cross-reenactment).
        metrics: those that must be measured; by default all that can be.
        canvas: height and width of the crop that is measured; by default the spec's.
        analyst: the spec whose parser and pose estimators analyse all frames; by default the first.
        identity: a face embedding network (ONNX, RGB, 112 x 112 pixels).
        identity_scale: its input: `signed` [-1, 1], `unit` [0, 1] or `raw` [0, 255].
        features: weights of the network for a perceptual distance.
        features_input: its input: `imagenet` or `caffe`.
        overrides: changes to every spec.
        overwrite: replace files in the folder that no evaluation made.
        setup: device, seed, plugins and weights; `Setup()` by default.
        progress: is told about stages and notes; nobody by default.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    setup = Setup.of(setup)
    names = tuple(metric.name for metric in named(list(metrics)))
    protocol = Protocol(
        videos=tuple(map(Path, videos)),
        output=Path(output),
        target=target,
        targets=tuple(map(Path, targets)),
        canvas=canvas,
        required=names,
        optional=names or tuple(METRICS),
        overrides=tuple(overrides),
        seed=setup.seed,
        analyst=analyst,
        identity=None if identity is None else Path(identity),
        identity_scale=identity_scale,
        features=None if features is None else Path(features),
        features_input=features_input,
        overwrite=overwrite,
    )
    methods: list[Method] = [BySpec(Path(spec).stem, spec) for spec in specs]
    methods += [GivenFrames(name, Path(folder)) for name, folder in (frames or {}).items()]
    return run.evaluate(setup, protocol, methods, progress)
