"""What each participant is shown: which methods for which video, in what order, on which side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

Pair = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One question about one video, shown by two methods. `again` marks a repeated pair."""

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
    """The steps of participant `number`, counted from 0. The same arguments give the same steps.

    Each video comes once with one pair of methods (the paper's protocol), or with every pair.
    The pairs of methods are dealt round over the videos: a participant meets each equally often,
    give or take one, and among as many neighbouring participants as there are pairs each video
    comes once with each. Order and sides are random; a participant's reference stands on the
    left as often as on the right, give or take one.
    """
    person = Random(f"{seed} person {number}")  # noqa: S311  # for play, not for secrets
    if every:
        chosen = list(product(videos, pairs))
    else:
        block, offset = divmod(number, len(pairs))
        dealt = list(videos)
        Random(f"{seed} block {block}").shuffle(dealt)  # noqa: S311
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
