"""Assigns methods, order and sides of all pairs to participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

Pair = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """A question about a video by two methods. `again` marks a repeated pair."""

    video: str
    left: str
    right: str
    question: str
    again: bool = False


def steps_of(
    number: int,
    videos: Sequence[str],
    pairs: Sequence[Pair],
    questions: Sequence[str],
    every: bool = False,
    repeats: int = 0,
    seed: int = 0,
) -> list[Step]:
    """The steps of participant `number`, counted from 0; deterministic for given arguments.

    Each video is shown once with one pair of methods (the paper's protocol), or with every pair.
    Pairs are distributed evenly: each participant sees each pair equally often, up to one, and
    over as many consecutive participants as there are pairs, each video is shown once with each
    pair. Order and sides are random; the reference is on each side equally often, up to one.
    """
    person = Random(f"{seed} person {number}")  # noqa: S311  # not for secrets
    if every:
        chosen = list(product(videos, pairs))
    else:
        block, offset = divmod(number, len(pairs))
        dealt = list(videos)
        Random(f"{seed} block {block}").shuffle(dealt)  # noqa: S311  # nothing secret
        chosen = [(v, pairs[(i + offset) % len(pairs)]) for i, v in enumerate(dealt)]
    person.shuffle(chosen)
    first = person.randrange(2)
    sides = [(first + i) % 2 for i in range(len(chosen))]
    person.shuffle(sides)
    shown = [
        (video, pair[::-1] if side else pair)
        for (video, pair), side in zip(chosen, sides, strict=True)
    ]
    again = sorted(person.sample(range(len(shown)), min(repeats, len(shown))))
    return [
        Step(video, left, right, question, is_again)
        for video, (left, right), is_again in [
            *((video, pair, False) for video, pair in shown),
            *((shown[i][0], shown[i][1][::-1], True) for i in again),
        ]
        for question in questions
    ]
