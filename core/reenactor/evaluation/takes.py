"""Prepared examples as takes: a target, and the same person in other poses as the truth."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.evaluation.truth import frontality
from reenactor.pipeline import method
from reenactor.pipeline.render import last_layers
from reenactor.training import Example
from reenactor.training.given import motion_of, target_of
from reenactor.training.shards import Shards
from reenactor.values import Dense, Layer, Motion, Parsing, Pose, Skeleton, Target

BATCH = 8


@dataclass(frozen=True)
class Take:
    """A target and the same person in other poses."""

    target: Target
    motion: Motion
    truth: tuple[Example, ...]

    @cached_property
    def yaw(self) -> tuple[float, ...]:
        """How far the person is turned in each picture, in degrees; NaN where unknown."""
        return tuple(_yaw(example) for example in self.truth)

    @property
    def images(self) -> Float[Tensor, "T 3 H W"]:
        """The true pictures."""
        return torch.cat([e.image for e in self.truth]).permute(0, 3, 1, 2).float() / 255

    @property
    def parsings(self) -> Parsing:
        """The true labels."""
        return Parsing(torch.cat([e.parsing.labels for e in self.truth]))

    @property
    def skeletons(self) -> Skeleton:
        """The true key points."""
        return Skeleton.joined([e.skeleton for e in self.truth])

    @property
    def backgrounds(self) -> Float[Tensor, "T 3 H W"] | None:
        """The pictures without the person; None if one of them has none."""
        behind = [e.background for e in self.truth if e.background is not None]
        if len(behind) < len(self):
            return None
        return torch.cat(behind).permute(0, 3, 1, 2).float() / 255

    @property
    def person(self) -> str:
        """The person's name."""
        return self.truth[0].entry.person

    def __len__(self) -> int:
        return len(self.truth)


def takes(shards: Shards) -> Iterator[Take]:
    """The takes: one per person and source with at least two examples.

    The target is the photo that a dataset marks, or else the most frontal example.
    """
    groups = defaultdict(list)
    for index, entry in enumerate(shards.entries):
        groups[entry.person, entry.source].append(index)
    for indices in groups.values():
        if len(indices) < 2:
            continue
        examples = sorted((shards[i] for i in indices), key=lambda e: e.entry.frame)
        score = frontality(Skeleton.joined([e.skeleton for e in examples]))
        marked = [i for i, e in enumerate(examples) if e.entry.photo]
        best = marked[0] if marked else int(score.argmax())
        truth = tuple(e for i, e in enumerate(examples) if i != best)
        yield Take(target_of(examples[best]), motion_of(truth), truth)


def driven(found: Sequence[Take]) -> list[tuple[Take, Take | None]]:
    """Each take with the next take of another person as its driver."""
    return [
        (take, next((o for o in (*found[i + 1 :], *found[:i]) if o.person != take.person), None))
        for i, take in enumerate(found)
    ]


def generated(generator: Any, target: Target, driver: Take) -> Parsing:
    """The body generator's labels of a target in another take's poses."""
    prepared = generator.prepare(target, driver.motion)
    return Parsing(
        torch.cat(
            [method.generate_body(generator, prepared, pose).labels for pose, _ in batches(driver)]
        )
    )


def rendered(renderer: Any, take: Take, bodies: Parsing) -> Layer:
    """The frame renderer's pictures of a take's target, of these bodies."""
    prepared = renderer.prepare(take.target, take.motion)
    layers: list[Layer] = []
    past = None
    for pose, part in batches(take):
        layers.append(method.render(renderer, prepared, pose, Parsing(bodies.labels[part]), past))
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


def _yaw(example: Example) -> float:
    """What the dataset says, or else what the joints in space say."""
    known = example.entry.yaw
    return float(example.skeleton.yaw[0]) if known is None else known
