"""Measures components in isolation on prepared examples, so that errors do not mix.

In each take (several frames of one person) the most frontal example is the target and the others
are the ground truth. The body generator gets their poses and is compared with their parsings; given
the poses of the next take, of another person, it should keep the target's body widths. The frame
renderer gets the true parsings and is compared with the pictures, over their backgrounds if these
were prepared. The face refiner gets the renderer's result over the true picture and is scored by
the identity of the face.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.api import Setup
from reenactor.catalog import Plan
from reenactor.catalog.build import build
from reenactor.errors import InputError
from reenactor.evaluation.aggregate import Figure, bootstrapped
from reenactor.evaluation.annotation import Embedder
from reenactor.evaluation.truth import frontality
from reenactor.labels import NUM_LABELS
from reenactor.manifest import Role
from reenactor.metrics import overlap, pixels
from reenactor.metrics.body_shape import Shape, body_shape, shape_difference
from reenactor.metrics.identity import aligned, cosine
from reenactor.metrics.lpips import Lpips, lpips
from reenactor.pipeline import method
from reenactor.pipeline.render import last_layers
from reenactor.progress import Progress, Silent
from reenactor.runtime import Runtime
from reenactor.training import Example
from reenactor.training.given import motion_of, target_of
from reenactor.training.shards import Shards
from reenactor.values import Dense, Layer, Motion, Parsing, Pose, Skeleton, Target

BATCH = 8
MEAN_COLOURS = "mean colour of each part"
"""The baseline for renderers: each class in its mean colour in the photo."""
DRIVERS_BODY = "the driver's own body"
"""The baseline for body generators on another person's poses: that person's shape."""

Figures = dict[str, Figure]


@dataclass(frozen=True)
class Take:
    """A target and the same person in other poses."""

    target: Target
    motion: Motion
    truth: tuple[Example, ...]

    @property
    def person(self) -> str:
        """The person's name."""
        return self.truth[0].entry.person

    def __len__(self) -> int:
        return len(self.truth)


@dataclass
class Scores:
    """Values of a method by take."""

    values: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, values: Sequence[float] | Tensor) -> None:
        """Add the values of one take."""
        self.values[name].append([float(v) for v in values])

    def figures(self, seed: int) -> Figures:
        """Means with confidence intervals."""
        made = {
            name: bootstrapped([np.array(v) for v in takes], 1000, seed)
            for name, takes in self.values.items()
        }
        return {name: figure for name, figure in made.items() if figure is not None}


def measure_parts(
    setup: Setup,
    specs: Sequence[str],
    shards: Shards,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    features: Lpips | None = None,
) -> dict[str, dict[str, Figures]]:
    """Measure the body generator, frame renderer and face refiner of some specs.

    Args:
        setup: where to run.
        specs: specs by name or file.
        shards: examples with at least two per person in one take.
        embedder: a face embedding network; without it, face refiners are not measured.
        progress: reports progress.
        features: the network for the perceptual distance; without it, that metric is left out.

    Returns:
        Metrics by role ("body_generator", "frame_renderer", "face_refiner"), spec and name.

    Raises:
        InputError: no take has two examples.
    """
    progress = progress or Silent()
    runtime = setup.runtime()
    casts = {spec: _cast(setup.plan(spec), runtime) for spec in specs}
    found = driven(list(takes(shards)))
    if not found:
        raise InputError(
            "no take has two examples of the same person",
            given=f"{len(shards)} examples",
            expected="frames of videos, or synthetic people",
        )
    tallies: dict[Role, dict[str, Scores]] = {role: defaultdict(Scores) for role in _MEASURED}
    for spec, cast in casts.items():
        with progress.stage(f"measuring {spec}", sum(len(take) for take, _ in found)) as advance:
            for take, driver in found:
                _measure(cast, take, driver, spec, tallies, embedder, features)
                advance(len(take))
    for take, driver in found:
        tally = tallies[Role.FRAME_RENDERER][MEAN_COLOURS]
        _pictures(take, mean_colours(take), tally, features)
        if driver is not None:
            tally = tallies[Role.BODY_GENERATOR][DRIVERS_BODY]
            _widths(take, driver, _parsings(driver), tally)
    return {
        role.value: {name: one.figures(setup.seed) for name, one in methods.items()}
        for role, methods in tallies.items()
    }


def _cast(plan: Plan, runtime: Runtime) -> dict[Role, Any]:
    """Construct the components to measure."""
    return {
        role: build(part.info, part.options, runtime, part.provider)
        for role in _MEASURED
        if (part := plan.part(role)) is not None
    }


_MEASURED = (Role.BODY_GENERATOR, Role.FRAME_RENDERER, Role.FACE_REFINER)


def takes(shards: Shards) -> Iterator[Take]:
    """The takes: one per person and source with at least two examples."""
    groups = defaultdict(list)
    for index, entry in enumerate(shards.entries):
        groups[entry.person, entry.source].append(index)
    for indices in groups.values():
        if len(indices) < 2:
            continue
        examples = sorted((shards[i] for i in indices), key=lambda e: e.entry.frame)
        best = int(frontality(Skeleton.joined([e.skeleton for e in examples])).argmax())
        truth = tuple(e for i, e in enumerate(examples) if i != best)
        yield Take(target_of(examples[best]), motion_of(truth), truth)


def driven(found: Sequence[Take]) -> list[tuple[Take, Take | None]]:
    """Each take with the next take of another person as its driver."""
    return [
        (take, next((o for o in (*found[i + 1 :], *found[:i]) if o.person != take.person), None))
        for i, take in enumerate(found)
    ]


def mean_colours(take: Take) -> Layer:
    """The baseline: each class of the true parsings in its mean colour in the target."""
    image, labels = take.target.image[0], take.target.parsing.labels[0].long()
    palette = torch.zeros(NUM_LABELS, 3)
    person = image[:, labels > 0].mean(1)
    for label in range(NUM_LABELS):
        where = labels == label
        palette[label] = image[:, where].mean(1) if bool(where.any()) else person
    parsing = _parsings(take)
    return Layer(palette[parsing.labels.long()].permute(0, 3, 1, 2), parsing.mask)


def _measure(
    cast: Mapping[Role, Any],
    take: Take,
    driver: Take | None,
    spec: str,
    tallies: dict[Role, dict[str, Scores]],
    embedder: Embedder | None,
    features: Lpips | None,
) -> None:
    with torch.inference_mode():
        body = cast.get(Role.BODY_GENERATOR)
        if body is not None:
            tally = tallies[Role.BODY_GENERATOR][spec]
            _labels(take, _generated(body, take.target, take), tally)
            if driver is not None:
                _widths(take, driver, _generated(body, take.target, driver), tally)
        renderer = cast.get(Role.FRAME_RENDERER)
        if renderer is None:
            return
        layer = _rendered(renderer, take)
        _pictures(take, layer, tallies[Role.FRAME_RENDERER][spec], features)
        if embedder is None:
            return
        frames = method.blend(layer, _images(take))
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


def _generated(generator: Any, target: Target, driver: Take) -> Parsing:
    prepared = generator.prepare(target, driver.motion)
    return Parsing(
        torch.cat(
            [method.generate_body(generator, prepared, pose).labels for pose, _ in batches(driver)]
        )
    )


def _rendered(renderer: Any, take: Take) -> Layer:
    prepared = renderer.prepare(take.target, take.motion)
    truth, layers, past = _parsings(take), [], None
    for pose, part in batches(take):
        layers.append(method.render(renderer, prepared, pose, Parsing(truth.labels[part]), past))
        past = last_layers(renderer.history, past, layers[-1:])
    return Layer(torch.cat([a.image for a in layers]), torch.cat([a.mask for a in layers]))


def batches(take: Take) -> Iterator[tuple[Pose, slice]]:
    """The poses of a take in batches."""
    for start in range(0, len(take), BATCH):
        some = take.truth[start : start + BATCH]
        dense = [e.dense for e in some if e.dense is not None]
        whole = len(dense) == len(some)
        yield (
            Pose(
                Skeleton.joined([e.skeleton for e in some]),
                Dense(torch.cat([d.part for d in dense]), torch.cat([d.uv for d in dense]))
                if whole
                else None,
                tuple(range(start, start + len(some))),
                some[0].canvas,
            ),
            slice(start, start + len(some)),
        )


def _labels(take: Take, made: Parsing, tally: Scores) -> None:
    """Score SSBS, SSIS and the difference of body widths from the target's."""
    true = overlap.vip_labels(_parsings(take).labels)
    labels = overlap.vip_labels(made.labels)
    tally.add("ssbs", overlap.similarity(overlap.binary_counts(labels, true)))
    tally.add("ssis", overlap.similarity(overlap.counts(labels, true, overlap.PARSING_PARTS)))
    body = Skeleton.joined([e.skeleton for e in take.truth]).body
    difference = shape_difference(
        body_shape(labels, body),
        body_shape(take.target.parsing.labels, take.target.skeleton.body),
    )
    tally.add("body-shape", [difference])


def _widths(take: Take, driver: Take, made: Parsing, tally: Scores) -> None:
    """Score the difference of body widths from the target's, in poses of another person.

    Lengths are left out: they follow from the given key points.
    """
    body = Skeleton.joined([e.skeleton for e in driver.truth]).body
    target = body_shape(take.target.parsing.labels, take.target.skeleton.body)
    difference = shape_difference(_only_widths(body_shape(made.labels, body)), _only_widths(target))
    tally.add("body-width-cross", [difference])


def _only_widths(shape: Shape) -> Shape:
    widths = {name: v for name, v in shape.measures.items() if name.endswith("width")}
    return Shape(widths, shape.height)


def _pictures(take: Take, layer: Layer, tally: Scores, features: Lpips | None) -> None:
    """Score the picture on the person, and the mask."""
    true, mask, made = _images(take), _parsings(take).mask, shown(take, layer)
    tally.add("psnr-person", pixels.psnr(made, true, mask))
    made_there, true_there = made * mask, true * mask
    tally.add("ssim-person", pixels.ssim(made_there, true_there, mask))
    if features is not None:
        tally.add("perceptual-person", lpips(features, made_there, true_there, mask))
    tally.add("mask-l1", (layer.mask - mask).abs().mean((1, 2, 3)))


def shown(take: Take, layer: Layer) -> Float[Tensor, "T 3 H W"]:
    """The picture to compare with the truth: the layer over the background, if there is one.

    A true picture shows some background along the person's outline, which a renderer with clean
    outlines leaves to its mask. Without backgrounds only the colours are compared, whatever the
    mask, which favours renderers that draw a rim of background around people.
    """
    behind = [e.background for e in take.truth if e.background is not None]
    if len(behind) < len(take):
        return layer.image
    return method.blend(layer, torch.cat(behind).permute(0, 3, 1, 2).float() / 255)


def _faces(take: Take, frames: Float[Tensor, "T 3 H W"], embed: Embedder, tally: Scores) -> None:
    """Score the cosine similarity to the target's face, if both faces can be aligned."""
    own = aligned(take.target.image[0], take.target.skeleton.face[0])
    if own is None:
        return
    target = embed(own[None])
    values = []
    for frame, example in zip(frames, take.truth, strict=True):
        face = aligned(frame, example.skeleton.face[0])
        values.append(np.nan if face is None else float(cosine(embed(face[None]), target)[0]))
    tally.add("identity", values)


def _images(take: Take) -> Float[Tensor, "T 3 H W"]:
    return torch.cat([e.image for e in take.truth]).permute(0, 3, 1, 2).float() / 255


def _parsings(take: Take) -> Parsing:
    return Parsing(torch.cat([e.parsing.labels for e in take.truth]))
