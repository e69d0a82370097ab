"""Proportions of answers that prefer one method to another, with two confidence intervals.

Wilson's interval treats all answers as independent. Answers of one person are not: someone who
likes sharp pictures likes them in all videos. The second interval resamples participants.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
DRAWS = 2000
Interval = tuple[float, float]


@dataclass(frozen=True)
class Proportion:
    """How often the first of two was chosen.

    `value` is `chosen / count`; None without answers. `undecided` answers have no preference and
    are in neither. `wilson` is the 95 % interval for independent answers, `by_person` the one from
    resampling participants (None with fewer than two).
    """

    chosen: int
    count: int
    undecided: int
    people: int
    value: float | None
    wilson: Interval | None
    by_person: Interval | None


def proportion_of(
    people: Sequence[tuple[int, int]], undecided: int = 0, draws: int = DRAWS, seed: int = 0
) -> Proportion:
    """The proportion over all answers.

    Args:
        people: for each participant, how often the first was chosen and the number of answers.
        undecided: the number of answers without a preference, which are excluded.
        draws: the number of bootstrap samples.
        seed: the seed of the bootstrap.
    """
    known = [(chosen, count) for chosen, count in people if count]
    chosen, count = (sum(part) for part in zip(*known, strict=True)) if known else (0, 0)
    return Proportion(
        chosen,
        count,
        undecided,
        len(known),
        chosen / count if count else None,
        wilson(chosen, count) if count else None,
        bootstrapped(known, draws, seed) if len(known) > 1 else None,
    )


def wilson(chosen: int, count: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval (1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = chosen / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    below = 1 + z * z / count
    low = 0.0 if chosen == 0 else (middle - reach) / below
    return low, 1.0 if chosen == count else (middle + reach) / below


def bootstrapped(
    people: Sequence[tuple[int, int]], draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> Interval:
    """The percentile interval from resampling participants with replacement.

    It is too narrow with few participants, and has zero width if all answers are the same.
    """
    table = np.array(people, np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(table), (draws, len(table)))
    sums = table[drawn].sum(1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
