"""Annotates crops with a spec's parser and pose estimators, both real and generated ones."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool, Float, UInt8
from safetensors.torch import load, save
from torch import Tensor

from reenactor import api
from reenactor.catalog import Part, Plan
from reenactor.catalog.build import build
from reenactor.errors import UsageError
from reenactor.evaluation.crops import Crops, chunks
from reenactor.evaluation.embedders import Embedder
from reenactor.evaluation.record import finish, is_done
from reenactor.manifest import Facet, Role
from reenactor.media.files import write_bytes
from reenactor.metrics import Need
from reenactor.ops.boxes import iou
from reenactor.ops.windows import extents
from reenactor.progress import Progress
from reenactor.roles import DenseEstimator, Parser, SkeletonEstimator
from reenactor.values import Frames, People, Skeleton


@dataclass(frozen=True)
class Annotations:
    """Annotations of T crops. `seen` marks the crops that show a person.

    `face` marks the crops with an aligned face; `embedding` holds their vectors in order.
    """

    labels: UInt8[Tensor, "T H W"]
    part: UInt8[Tensor, "T H W"]
    body: Float[Tensor, "T 25 3"]
    hands: Float[Tensor, "T 2 21 3"]
    seen: Bool[Tensor, " T"]
    face: Bool[Tensor, " T"]
    embedding: Float[Tensor, "F D"]

    def __len__(self) -> int:
        return self.labels.shape[0]


@dataclass(frozen=True)
class Annotators:
    """The components, and their description in records and reports."""

    estimator: SkeletonEstimator[Any]
    parser: Parser[Any]
    dense: DenseEstimator[Any] | None
    embedder: Embedder | None
    described: Mapping[str, object]

    @property
    def offered(self) -> frozenset[Need]:
        """The needs of metrics that these annotators meet."""
        needs = {Need.PARSING, Need.SKELETON}
        if self.dense is not None:
            needs.add(Need.DENSE)
        if self.embedder is not None:
            needs.add(Need.IDENTITY)
        return frozenset(needs)


def annotators_of(
    setup: api.Setup, plan: Plan, embedder: Embedder | None = None, embedder_name: str = ""
) -> Annotators:
    """Construct the annotators of a spec.

    Raises:
        UsageError: the spec has no skeleton estimator or no parser.
    """
    runtime = setup.runtime()
    parts = {
        "OP": plan.provider_of(Facet.SKELETON),
        "HP": plan.part(Role.PARSER),
        "DP": plan.provider_of(Facet.DENSE),
    }
    built: dict[str, Any] = {
        key: None if part is None else build(part.info, part.options, runtime, part.provider)
        for key, part in parts.items()
    }
    if built["OP"] is None or built["HP"] is None:
        raise UsageError(
            "this spec cannot annotate pictures: it has no parser or no skeleton estimator"
        )
    described: dict[str, object] = {
        key: None if part is None else _described(part) for key, part in parts.items()
    }
    described["identity"] = embedder_name or None
    described["device"] = str(runtime.device)
    return Annotators(built["OP"], built["HP"], built["DP"], embedder, described)


def _described(part: Part) -> dict[str, object]:
    return {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "files": part.contents,
        "provider": str(part.provider),
        "weights": [weight.sha256 for weight in part.info.weights],
    }


def annotated(
    annotators: Annotators,
    crops: Crops,
    expected: Skeleton,
    name: str,
    record: Path,
    key: object,
    progress: Progress,
) -> Annotations:
    """Annotate crops, or read the annotations cached beside `record`.

    Args:
        annotators: the components.
        crops: the pictures.
        expected: the expected position of the dancer in every frame, to choose among people.
        name: the name of the source, for components that read prepared files.
        record: the record of this step.
        key: a digest of the crops.
        progress: reports progress.
    """
    path = record.with_suffix(".safetensors")
    inputs = {
        "crops": key,
        "numbers": list(crops.index),
        "annotators": dict(annotators.described),
        "found": [f.name for f in fields(Annotations)],
    }
    if is_done(record, inputs):
        return Annotations(**_read(path))
    parts: list[Annotations] = []
    before: People | None = None
    with progress.stage(f"analysing {name}", len(crops)) as advance:
        for numbers in chunks(crops.index):
            frames = crops.frames(numbers, name)
            people = annotators.estimator.estimate(frames, before)
            before = people[-1]
            parts.append(looked_at(annotators, frames, people, expected[torch.tensor(numbers)]))
            advance(len(numbers))
    found = joined(parts)
    write_bytes(
        path, save({f.name: getattr(found, f.name).contiguous() for f in fields(Annotations)})
    )
    finish(record, inputs, made=[path])
    return found


def _read(path: Path) -> dict[str, Tensor]:
    return load(path.read_bytes())


def looked_at(
    annotators: Annotators, frames: Frames, people: tuple[People, ...], expected: Skeleton
) -> Annotations:
    """Annotate the dancer of each frame: who of `people` is nearest to the `expected` place."""
    boxes = extents(expected)
    chosen = [_chosen(one, boxes[t]) for t, one in enumerate(people)]
    skeleton = Skeleton.joined(chosen)
    seen = skeleton.body[..., 2].amax(1) > 0
    with torch.inference_mode():
        labels = annotators.parser.parse(frames, skeleton).labels
        part = torch.zeros_like(labels)
        if annotators.dense is not None:
            part = annotators.dense.dense(frames, skeleton).part
        images = frames.images
        embed = annotators.embedder
        vectors = [
            None if embed is None else embed(images[t], skeleton.face[t])
            for t in range(len(frames))
        ]
        there = [vector for vector in vectors if vector is not None]
        embedding = torch.cat(there) if there else torch.zeros(0, 1)
    labels = torch.where(seen[:, None, None], labels, 0)
    part = torch.where(seen[:, None, None], part, 0)
    face = torch.tensor([vector is not None for vector in vectors])
    return Annotations(labels, part, skeleton.body, skeleton.hands, seen, face, embedding)


def _chosen(people: People, box: Float[Tensor, " 4"]) -> Skeleton:
    """The person who overlaps the expected box most; nobody if no one does."""
    if len(people) == 0:
        return Skeleton.empty(1)
    if not bool(torch.isfinite(box).all()):
        return people.skeleton[:1]
    overlap = iou(box[None].numpy(), extents(people.skeleton).numpy())[0]
    best = int(overlap.argmax())
    if overlap[best] <= 0:
        return Skeleton.empty(1)
    return Skeleton(
        people.skeleton.body[best : best + 1],
        people.skeleton.hands[best : best + 1],
        people.skeleton.face[best : best + 1],
    )


def joined(parts: list[Annotations]) -> Annotations:
    """Concatenate annotations."""
    embeddings = [part.embedding for part in parts if len(part.embedding)]
    return Annotations(
        torch.cat([part.labels for part in parts]),
        torch.cat([part.part for part in parts]),
        torch.cat([part.body for part in parts]),
        torch.cat([part.hands for part in parts]),
        torch.cat([part.seen for part in parts]),
        torch.cat([part.face for part in parts]),
        torch.cat(embeddings) if embeddings else torch.zeros(0, 1),
    )
