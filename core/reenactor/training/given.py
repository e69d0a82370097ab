"""Examples as components are given people: a target in its photo, and a motion."""

from collections.abc import Sequence
from fractions import Fraction

import torch

from reenactor.training.example import Example
from reenactor.values import Clip, Frames, Motion, Skeleton, Target, Window

NEIGHBOURS = 250
"""Frames of one take are neighbours if they are at most so far apart (the paper's pairs)."""


def target_of(example: Example) -> Target:
    """An example as a photo that its canvas covers exactly."""
    photo = Frames(example.image, (0,), example.entry.name)
    return Target(
        photo=photo,
        window=_whole(1, example.canvas),
        image=photo.images,
        parsing=example.parsing,
        skeleton=example.skeleton,
    )


def motion_of(examples: Sequence[Example]) -> Motion:
    """The poses of examples on one canvas as a clip of their own, without silhouettes.

    Examples that are no neighbours in time are shots of their own: nothing moves from one to the
    next.
    """
    frames = [example.entry.frame for example in examples]
    cuts = tuple(t for t in range(1, len(frames)) if frames[t] - frames[t - 1] > NEIGHBOURS)
    skeleton = Skeleton.joined([e.skeleton for e in examples])
    length, size = len(examples), examples[0].canvas
    source = examples[0].entry.source
    return Motion(
        Clip(torch.arange(length), Fraction(1, 25), Fraction(25), size, source, "0" * 64, cuts),
        skeleton,
        (skeleton.body[..., 2] > 0).any(1),
        _whole(length, size).box,
        torch.zeros(length, 0, 0, dtype=torch.uint8),
        torch.zeros(length, 4),
    )


def _whole(length: int, size: tuple[int, int]) -> Window:
    box = torch.tensor([[-0.5, -0.5, size[1] - 0.5, size[0] - 0.5]])
    return Window(box.expand(length, 4).clone(), size)
