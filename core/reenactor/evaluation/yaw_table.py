"""The table of figures by the driver's yaw, and who leads in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reenactor.evaluation.aggregate import Figure
from reenactor.evaluation.yaw_groups import GROUPS, Group
from reenactor.metrics import METRICS, Better

ByYaw = Mapping[str, Mapping[Group, Mapping[str, Figure]]]
"""Figures by method, group and metric."""


@dataclass(frozen=True)
class TurnedRow:
    """One metric of one method in each group of yaws; `leads` says in which it is the best."""

    name: str
    method: str
    figures: tuple[Figure | None, ...]
    leads: tuple[bool, ...]


def turned_rows(names: Sequence[str], methods: ByYaw) -> list[TurnedRow]:
    """The metrics of all methods by yaw, those together that are to be compared."""
    rows = []
    for name in names:
        known = {m: [r.get(g, {}).get(name) for g in GROUPS] for m, r in methods.items()}
        leaders = [
            leading(name, {m: figures[place] for m, figures in known.items()})
            for place in range(len(GROUPS))
        ]
        rows += [
            TurnedRow(name, method, tuple(figures), tuple(method in lead for lead in leaders))
            for method, figures in known.items()
            if any(figures)
        ]
    return rows


def leading(name: str, figures: Mapping[str, Figure | None]) -> frozenset[str]:
    """Whose figure of a metric is the best; nobody's if all are equal."""
    values = {method: figure.value for method, figure in figures.items() if figure is not None}
    if len(set(values.values())) < 2:
        return frozenset()
    top = (max if METRICS[name].better is Better.HIGHER else min)(values.values())
    return frozenset(method for method, value in values.items() if value == top)
