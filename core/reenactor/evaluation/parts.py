"""Measures components in isolation on prepared examples, so that errors do not mix.

In each take (several frames of one person) the most frontal example is the target and the others
are the ground truth. The body generator gets their poses and is compared with their parsings; given
the poses of the next take, of another person, it should keep the target's body widths. The frame
renderer gets the true parsings and is compared with the pictures, over their backgrounds if these
were prepared. The face refiner gets the renderer's result over the true picture and is scored by
the identity of the face. Together, the true poses go through all of them; see `together`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.api import Setup
from reenactor.catalog import Plan
from reenactor.catalog.build import build
from reenactor.errors import InputError
from reenactor.evaluation.annotation import Annotators, annotators_of
from reenactor.evaluation.embedders import Embedder
from reenactor.evaluation.scores import Measures, Scores
from reenactor.evaluation.takes import Take, batches, driven, generated, rendered, takes
from reenactor.evaluation.together import TRUE_PICTURE, run_together, score_frames
from reenactor.labels import NUM_LABELS
from reenactor.manifest import Facet, Role
from reenactor.metrics import overlap, pixels
from reenactor.metrics.body_shape import (
    Shape,
    body_shape,
    measured_frames,
    shape_difference,
    shape_of,
)
from reenactor.metrics.identity import cosine
from reenactor.metrics.lpips import Lpips, lpips
from reenactor.pipeline import method
from reenactor.progress import Progress, Silent
from reenactor.runtime import Runtime
from reenactor.training.shards import Shards
from reenactor.values import Layer, Parsing

MEAN_COLOURS = "mean colour of each part"
"""The baseline for renderers: each class in its mean colour in the photo."""
DRIVERS_BODY = "the driver's own body"
"""The baseline for body generators on another person's poses: that person's shape."""

TOGETHER = "together"
"""The components of a spec one after another, in place of a role."""
_ROLES = (Role.BODY_GENERATOR, Role.FRAME_RENDERER, Role.FACE_REFINER)
MEASURED = (*(role.value for role in _ROLES), TOGETHER)
"""What can be measured, by name."""


def measure_parts(
    setup: Setup,
    specs: Sequence[str],
    shards: Shards,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    features: Lpips | None = None,
    roles: Collection[str] = MEASURED,
) -> dict[str, dict[str, Measures]]:
    """Measure the body generator, frame renderer and face refiner of some specs, and all together.

    Args:
        setup: where to run.
        specs: specs by name or file.
        shards: examples with at least two per person in one take.
        embedder: a face embedding network; without it, face refiners are not measured.
        progress: reports progress.
        features: the network for the perceptual distance; without it, that metric is left out.
        roles: what to measure of `MEASURED`.

    Returns:
        Metrics by role ("body_generator", "frame_renderer", "face_refiner", "together") and spec.
        Together is measured where all examples come with backgrounds and the first spec has a
        parser and a pose estimator, which analyse the frames.

    Raises:
        InputError: no take has two examples.
    """
    progress = progress or Silent()
    runtime = setup.runtime()
    plans = {spec: setup.plan(spec) for spec in specs}
    casts = {spec: _cast(plan, runtime) for spec, plan in plans.items()}
    annotators = None
    if TOGETHER in roles:
        annotators = _annotators(setup, plans[specs[0]], embedder)
    found = driven(list(takes(shards)))
    if not found:
        raise InputError(
            "no take has two examples of the same person",
            given=f"{len(shards)} examples",
            expected="frames of videos, or synthetic people",
        )
    tallies: dict[str, dict[str, Scores]] = {
        role: defaultdict(Scores) for role in MEASURED if role in roles
    }
    if any(take.backgrounds is None for take, _ in found):
        annotators = None
    for spec, cast in casts.items():
        with progress.stage(f"measuring {spec}", sum(len(take) for take, _ in found)) as advance:
            for take, driver in found:
                _measure(cast, take, driver, spec, tallies, embedder, features)
                if annotators is not None:
                    _together(cast, take, annotators, tallies[TOGETHER][spec], features)
                advance(len(take))
    for take, driver in found:
        if Role.FRAME_RENDERER in roles:
            tally = tallies[Role.FRAME_RENDERER][MEAN_COLOURS]
            _pictures(take, mean_colours(take), tally, features)
        if driver is not None and Role.BODY_GENERATOR in roles:
            tally = tallies[Role.BODY_GENERATOR][DRIVERS_BODY]
            _widths(take, driver, driver.parsings, tally)
        if annotators is not None:
            tally = tallies[TOGETHER][TRUE_PICTURE]
            score_frames(take, take.images, annotators, tally, features)
    return {
        role: {name: one.measures(setup.seed) for name, one in methods.items()}
        for role, methods in tallies.items()
    }


def _annotators(setup: Setup, plan: Plan, embedder: Embedder | None) -> Annotators | None:
    """Who analyses the frames of whole specs; None if the spec has no parser or estimator."""
    if plan.part(Role.PARSER) is None or plan.provider_of(Facet.SKELETON) is None:
        return None
    return replace(annotators_of(setup, plan, embedder), dense=None)


def _together(
    cast: Mapping[Role, Any],
    take: Take,
    annotators: Annotators,
    tally: Scores,
    features: Lpips | None,
) -> None:
    """Run a whole spec on a take, and score its frames."""
    with torch.inference_mode():
        frames = run_together(cast, take)
        if frames is not None:
            score_frames(take, frames, annotators, tally, features)


def _cast(plan: Plan, runtime: Runtime) -> dict[Role, Any]:
    """Construct the components to measure."""
    return {
        role: build(part.info, part.options, runtime, part.provider)
        for role in _ROLES
        if (part := plan.part(role)) is not None
    }


def mean_colours(take: Take) -> Layer:
    """The baseline: each class of the true parsings in its mean colour in the target."""
    image, labels = take.target.image[0], take.target.parsing.labels[0].long()
    palette = torch.zeros(NUM_LABELS, 3)
    person = image[:, labels > 0].mean(1)
    for label in range(NUM_LABELS):
        where = labels == label
        palette[label] = image[:, where].mean(1) if bool(where.any()) else person
    parsing = take.parsings
    return Layer(palette[parsing.labels.long()].permute(0, 3, 1, 2), parsing.mask)


def _measure(
    cast: Mapping[Role, Any],
    take: Take,
    driver: Take | None,
    spec: str,
    tallies: Mapping[str, dict[str, Scores]],
    embedder: Embedder | None,
    features: Lpips | None,
) -> None:
    with torch.inference_mode():
        body = cast.get(Role.BODY_GENERATOR)
        if body is not None and Role.BODY_GENERATOR in tallies:
            tally = tallies[Role.BODY_GENERATOR][spec]
            _labels(take, generated(body, take.target, take), tally)
            if driver is not None:
                _widths(take, driver, generated(body, take.target, driver), tally)
        renderer = cast.get(Role.FRAME_RENDERER)
        faces = embedder is not None and Role.FACE_REFINER in tallies
        if renderer is None or not (faces or Role.FRAME_RENDERER in tallies):
            return
        layer = rendered(renderer, take, take.parsings)
        if Role.FRAME_RENDERER in tallies:
            _pictures(take, layer, tallies[Role.FRAME_RENDERER][spec], features)
        if embedder is None or not faces:
            return
        frames = method.blend(layer, take.images)
        _faces(take, frames, embedder, tallies[Role.FACE_REFINER][f"{spec}, without"])
        refiner = cast.get(Role.FACE_REFINER)
        if refiner is not None:
            face = refiner.prepare(take.target)
            refined = [
                method.refine(refiner, face, frames[part], pose, None)
                for pose, part in batches(take)
            ]
            tally = tallies[Role.FACE_REFINER][f"{spec}, with"]
            _faces(take, torch.cat(refined), embedder, tally)


def _labels(take: Take, made: Parsing, tally: Scores) -> None:
    """Score SSBS, SSIS and the difference of body widths from the target's."""
    true, labels = overlap.vip_labels(take.parsings.labels), overlap.vip_labels(made.labels)
    tally.add("ssbs", overlap.similarity(overlap.binary_counts(labels, true)), take.yaw)
    parts = overlap.counts(labels, true, overlap.PARSING_PARTS)
    tally.add("ssis", overlap.similarity(parts), take.yaw)
    target = body_shape(take.target.parsing.labels, take.target.skeleton.body)
    frames = measured_frames(labels, take.skeletons.body)
    tally.add_of(
        "body-shape",
        take.yaw,
        lambda mine: shape_difference(shape_of(compress(frames, mine)), target),
    )


def _widths(take: Take, driver: Take, made: Parsing, tally: Scores) -> None:
    """Score the difference of body widths from the target's, in poses of another person.

    Lengths are left out: they follow from the given key points.
    """
    target = _only_widths(body_shape(take.target.parsing.labels, take.target.skeleton.body))
    frames = measured_frames(made.labels, driver.skeletons.body)
    tally.add_of(
        "body-width-cross",
        driver.yaw,
        lambda mine: shape_difference(_only_widths(shape_of(compress(frames, mine))), target),
    )


def _only_widths(shape: Shape) -> Shape:
    widths = {name: v for name, v in shape.measures.items() if name.endswith("width")}
    return Shape(widths, shape.height)


def _pictures(take: Take, layer: Layer, tally: Scores, features: Lpips | None) -> None:
    """Score the picture on the person, and the mask."""
    true, mask, made = take.images, take.parsings.mask, shown(take, layer)
    tally.add("psnr-person", pixels.psnr(made, true, mask), take.yaw)
    made_there, true_there = made * mask, true * mask
    tally.add("ssim-person", pixels.ssim(made_there, true_there, mask), take.yaw)
    if features is not None:
        distance = lpips(features, made_there, true_there, mask)
        tally.add("perceptual-person", distance, take.yaw)
    tally.add("mask-l1", (layer.mask - mask).abs().mean((1, 2, 3)), take.yaw)


def shown(take: Take, layer: Layer) -> Float[Tensor, "T 3 H W"]:
    """The picture to compare with the truth: the layer over the background, if there is one.

    A true picture shows some background along the person's outline, which a renderer with clean
    outlines leaves to its mask. Without backgrounds only the colours are compared, whatever the
    mask, which favours renderers that draw a rim of background around people.
    """
    behind = take.backgrounds
    return layer.image if behind is None else method.blend(layer, behind)


def _faces(take: Take, frames: Float[Tensor, "T 3 H W"], embed: Embedder, tally: Scores) -> None:
    """Score the cosine similarity to the target's face, if both faces can be aligned."""
    target = embed(take.target.image[0], take.target.skeleton.face[0])
    if target is None:
        return
    values = []
    for frame, example in zip(frames, take.truth, strict=True):
        vector = embed(frame, example.skeleton.face[0])
        values.append(np.nan if vector is None else float(cosine(vector, target)[0]))
    tally.add("identity", values, take.yaw)
