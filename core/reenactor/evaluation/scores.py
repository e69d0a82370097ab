"""Values of a method take by take, and their means over all frames and by yaw."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from reenactor.evaluation.aggregate import Figure, bootstrapped
from reenactor.evaluation.yaw_groups import GROUPS, Group, members, within

Figures = dict[str, Figure]
DRAWS = 1000
"""For confidence intervals."""


@dataclass(frozen=True)
class Measures:
    """A method's figures over all frames, and over those of each group of yaws."""

    figures: Figures
    by_yaw: Mapping[Group, Figures]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "figures": {name: vars(figure) for name, figure in self.figures.items()},
            "by yaw": {
                group: {name: vars(figure) for name, figure in figures.items()}
                for group, figures in self.by_yaw.items()
            },
        }


def _lists() -> defaultdict[str, list[list[float]]]:
    return defaultdict(list)


@dataclass
class Scores:
    """Values of a method by name and take; `turned` those of the frames of a group of yaws."""

    values: dict[str, list[list[float]]] = field(default_factory=_lists)
    turned: dict[Group, dict[str, list[list[float]]]] = field(
        default_factory=lambda: defaultdict(_lists)
    )

    def add(self, name: str, values: Sequence[float] | Tensor, yaw: Sequence[float]) -> None:
        """Add a value for each frame of one take."""
        plain = [float(v) for v in values]
        self.values[name].append(plain)
        for group in GROUPS:
            self.turned[group][name].append(within(plain, yaw, group))

    def add_of(
        self, name: str, yaw: Sequence[float], measure: Callable[[npt.NDArray[np.bool_]], float]
    ) -> None:
        """Add a value for some frames of a take together: for all, and for each group of yaws.

        `measure` is told which frames.
        """
        self.values[name].append([measure(np.ones(len(yaw), bool))])
        for group in GROUPS:
            mine = members(yaw, group)
            if mine.any():
                self.turned[group][name].append([measure(mine)])

    def measures(self, seed: int) -> Measures:
        """Means with confidence intervals."""
        turned = {group: _figures(self.turned[group], seed) for group in GROUPS}
        known = {group: figures for group, figures in turned.items() if figures}
        return Measures(_figures(self.values, seed), known)


def _figures(values: Mapping[str, list[list[float]]], seed: int) -> Figures:
    made = {
        name: bootstrapped([np.array(v) for v in takes], DRAWS, seed)
        for name, takes in values.items()
    }
    return {name: figure for name, figure in made.items() if figure is not None}
