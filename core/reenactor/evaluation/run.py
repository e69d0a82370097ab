"""Runs an evaluation: truth, frames, annotation, metrics, reports. Every step can resume."""

import os
from collections.abc import Sequence
from pathlib import Path

import torch

import reenactor
from reenactor import api
from reenactor.errors import InputError, UsageError
from reenactor.evaluation.aggregate import aggregate
from reenactor.evaluation.annotation import Annotations, annotated
from reenactor.evaluation.comparison import Comparison, TargetSeen
from reenactor.evaluation.context import Context, prepared
from reenactor.evaluation.frames import MethodFrames, method_frames
from reenactor.evaluation.inputs import inspect
from reenactor.evaluation.measure import Measured, measured
from reenactor.evaluation.page import as_html
from reenactor.evaluation.protocol import (
    BACKGROUND,
    BySpec,
    EvaluationRequest,
    GivenFrames,
    Method,
    Pairing,
    Protocol,
)
from reenactor.evaluation.report import (
    Evaluation,
    MethodResult,
    VideoResult,
    as_csv,
    as_markdown,
)
from reenactor.evaluation.result import store, stored
from reenactor.evaluation.truth import Truth, truth_of
from reenactor.evaluation.yaw_groups import GROUPS
from reenactor.manifest import Role
from reenactor.media.files import read_json, remove_parts, sha256_of, write_bytes, write_json
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.media.photo import read_photo
from reenactor.metrics import METRICS
from reenactor.metrics.body_shape import body_shape
from reenactor.metrics.frechet import FULL_RANK
from reenactor.pipeline.target import analyze_photo
from reenactor.progress import Progress, Silent

STATE = "evaluation.json"
"""The file that marks an evaluation's folder."""
FOLDERS = ("truth", "frames", "crops", "analysis", "results")
REPORTS = ("frames.csv", "report.md", "report.html", "report.json")
VERSION = 2
"""The version of the computation: results of another version are computed again."""


def evaluate(
    setup: api.Setup,
    protocol: Protocol,
    methods: Sequence[Method],
    progress: Progress | None = None,
) -> Evaluation:
    """Measure methods on videos and write `report.json`, `.md`, `.html` and `frames.csv`.

    Interrupted evaluations resume, and further methods, videos or metrics are added to existing
    results.

    Raises:
        ReenactorError: a required metric cannot be computed, or an input cannot be used.
    """
    request = EvaluationRequest(protocol, tuple(methods))
    progress = progress or Silent()
    _require_other(request)
    with locked(*(protocol.output / name for name in (STATE, *REPORTS))):
        _claim(protocol)
        inspect(setup, request)
        context, reasons = prepared(setup, request, progress)
        results: dict[str, dict[str, VideoResult]] = {method.name: {} for method in methods}
        warnings: list[str] = _of_specs(setup, protocol, methods)
        for pairing in request.pairings:
            truth = truth_of(setup, context.spec, pairing, protocol, context.canvas, progress)
            for method in methods:
                shown = method_frames(setup, method, truth, protocol, progress)
                results[method.name][pairing.name] = _result(context, method, truth, shown)
        evaluation = _evaluation(context, request.pairings, results, reasons, warnings)
        _write(protocol.output, evaluation)
    return evaluation


def _claim(protocol: Protocol) -> None:
    """Check that the output folder is new, or that of an evaluation.

    Raises:
        UsageError: it has files of the same names that no evaluation made.
    """
    state = protocol.output / STATE
    if not _is_state(state):
        names = (STATE, *FOLDERS, *REPORTS)
        taken = [name for name in names if os.path.lexists(protocol.output / name)]
        if taken and not protocol.overwrite:
            raise UsageError(
                f"{protocol.output} holds other files, which would be replaced",
                given=", ".join(taken),
                expected="a new folder, or one that an evaluation made",
                advice="another --output, or --overwrite",
            )
        write_json(state, {"kind": "evaluation", "version": VERSION})
    for name in FOLDERS:
        remove_parts(protocol.output / name)  # left by a killed process: we hold the lock


def _is_state(path: Path) -> bool:
    try:
        found = read_json(path)
    except InputError:
        return False
    return isinstance(found, dict) and found.get("kind") == "evaluation"


def _require_other(request: EvaluationRequest) -> None:
    """Raise `UsageError` if an input would be replaced."""
    protocol = request.protocol
    given = [*protocol.videos, *protocol.targets]
    given += [method.folder for method in request.methods if isinstance(method, GivenFrames)]
    given += [path for path in (protocol.identity, protocol.features) if path is not None]
    made = [protocol.output / "truth" / video.stem for video in protocol.videos]
    for method in request.methods:
        made.append(protocol.output / "crops" / method.name)
        if isinstance(method, BySpec):
            made.append(protocol.output / "frames" / method.name)
    for path in given:
        for folder in made:
            if path.resolve().is_relative_to(folder.resolve()):
                raise UsageError(
                    "the output is one of the inputs",
                    given=f"{path} lies in {folder}, which the evaluation writes",
                    advice="another --output",
                )
    require_free([protocol.output / name for name in REPORTS], given, overwrite=True)


def _of_specs(setup: api.Setup, protocol: Protocol, methods: Sequence[Method]) -> list[str]:
    """Notes on specs that bias their metrics."""
    plans = [(m, setup.plan(m.spec, protocol.overrides)) for m in methods if isinstance(m, BySpec)]
    return [
        f"{method.name} has no inpainter: the driver stays visible behind the result, "
        "which improves every metric"
        for method, plan in plans
        if plan.part(Role.INPAINTER) is None
    ]


def _result(context: Context, method: Method, truth: Truth, shown: MethodFrames) -> VideoResult:
    """The result of one method on one video, stored or measured."""
    name = truth.pairing.name
    record = context.protocol.output / "results" / method.name / f"{name}.json"
    inputs = {
        "version": VERSION,
        "frames": shown.key,
        "truth": dict(truth.inputs),
        "target": [sha256_of(truth.target), truth.target_index],
        "annotators": dict(context.annotators.described),
        "metrics": [METRICS[metric].version for metric in context.names],
    }
    if context.features:
        inputs["features"] = context.features
    done = stored(record, inputs)
    if done is not None:
        return done
    folder = context.protocol.output / "analysis"
    made = _annotated(context, truth, shown, method.name, folder / method.name / f"{name}.json")
    true = None
    if truth.pairing.target is None:
        path = folder / "truth" / f"{name}.json"
        true = annotated(
            context.annotators, truth.crops, truth.skeleton, truth.motion.clip.name, path,
            dict(truth.inputs), context.progress,
        )  # fmt: skip
    scored = _scored(truth, shown, true)
    unseen = [n for n in scored if not bool(made.seen[shown.crops.index.index(n)])]
    comparison = Comparison(
        shown.crops,
        made,
        truth.crops if true is not None else None,
        true,
        scored,
        _target(context, truth.target),
        truth.motion.skeleton,
        truth.window,
        truth.yaw,
        float(truth.motion.fps),
    )
    with context.progress.stage(f"measuring {method.name}/{name}", len(scored)) as advance:
        figures = measured(comparison, context.names, context.tools)
        advance(len(scored))
    result = VideoResult(figures, shown.missing, shown.odd, tuple(unseen))
    store(record, inputs, result)
    return result


def _annotated(
    context: Context, truth: Truth, shown: MethodFrames, name: str, path: Path
) -> Annotations:
    return annotated(
        context.annotators,
        shown.crops,
        truth.skeleton,
        name,
        path,
        [shown.key, dict(truth.inputs)],
        context.progress,
    )


def _scored(truth: Truth, shown: MethodFrames, true: Annotations | None) -> tuple[int, ...]:
    """The frames to score: present, not the target photo, with a person in the ground truth."""
    return tuple(
        n
        for n in shown.crops.index
        if n != truth.target_index
        and bool(truth.motion.present[n])
        and (true is None or bool(true.seen[n]))
    )


def _target(context: Context, path: Path) -> TargetSeen:
    """Body shape and face embedding of the person in the photo."""
    photo = read_photo(path)
    with torch.inference_mode():
        portrait = analyze_photo(
            photo, context.annotators.estimator, context.annotators.parser, context.progress
        )
        shape = body_shape(portrait.parsing.labels, portrait.skeleton.body)
        embed, embedding = context.annotators.embedder, None
        if embed is not None:
            embedding = embed(portrait.photo.images[0], portrait.skeleton.face[0])
    return TargetSeen(shape, torch.zeros(0, 1) if embedding is None else embedding)


def _evaluation(
    context: Context,
    pairings: Sequence[Pairing],
    results: dict[str, dict[str, VideoResult]],
    reasons: dict[str, str],
    warnings: list[str],
) -> Evaluation:
    protocol = context.protocol
    methods = {}
    for name, videos in results.items():
        measured_ones: dict[str, Measured] = {key: one.measured for key, one in videos.items()}
        figures = aggregate(measured_ones, context.names, protocol.draws, protocol.seed)
        turned = {
            group: aggregate(measured_ones, context.names, protocol.draws, protocol.seed, group)
            for group in GROUPS
        }
        by_yaw = {group: figures for group, figures in turned.items() if figures}
        methods[name] = MethodResult(figures, videos, by_yaw)
    for name, result in methods.items():
        few = [n for n in ("fid", "fid-clean") if n in result.figures]
        if few and result.frames < FULL_RANK:
            warnings.append(
                f"{name}: {' and '.join(few)} of {result.frames} frames; with fewer than "
                f"{FULL_RANK} the covariance is singular and the value is biased"
            )
        if result.failures:
            warnings.append(
                f"{name}: {result.failures} frames are missing or show nobody; means are over "
                "the frames that are there"
            )
    drivers = {pairing.name: pairing.video.stem for pairing in pairings}
    summary = _protocol_summary(context)
    return Evaluation(methods, drivers, context.names, reasons, tuple(warnings), summary)


def _protocol_summary(context: Context) -> dict[str, object]:
    """The protocol as shown in reports."""
    protocol = context.protocol
    summary: dict[str, object] = {
        "reenactor": reenactor.__version__,
        "kind": "cross-reenactment" if protocol.crosses else "self-reenactment",
        "videos": ", ".join(video.name for video in protocol.videos),
        "crop": f"{context.canvas[1]}x{context.canvas[0]} pixels, following the dancer",
        "background": f"{BACKGROUND} (of specs; other methods as their frames show it)",
        "analysing spec": context.spec,
        "intervals": f"95 %, block bootstrap, {protocol.draws} draws, seed {protocol.seed}",
        "seed": context.setup.seed,
    }
    if protocol.crosses:
        summary["cross"] = True
        summary["targets"] = ", ".join(path.name for path in protocol.targets)
    else:
        summary["target"] = f"frame of the driver: {protocol.target}; it is not scored"
    if context.features:
        summary["features"] = context.features
    for key, what in context.annotators.described.items():
        if isinstance(what, dict):
            summary[key] = f"{what['use']} ({what['provider']})"
        elif what:
            summary[key] = what
    return summary


def _write(folder: Path, evaluation: Evaluation) -> None:
    """Write all reports atomically."""
    write_bytes(folder / "frames.csv", as_csv(evaluation).encode())
    write_bytes(folder / "report.md", as_markdown(evaluation).encode())
    write_bytes(folder / "report.html", as_html(evaluation, folder).encode())
    write_json(folder / "report.json", evaluation.as_json())
