"""Aggregates values of frames to one value per method, with its confidence interval."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from reenactor.evaluation.measure import Measured
from reenactor.evaluation.yaw_groups import Group, within
from reenactor.metrics import METRICS, Scope
from reenactor.metrics.frechet import frechet_distance, moments
from reenactor.metrics.overlap import micro_similarity

BLOCK = 8
"""The number of neighbouring frames drawn together: they are correlated, so drawing them one by
one would make intervals too narrow."""
LEVEL = 0.95

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A mean over `count` frames (or videos) with its 95 % confidence interval.

    `low` and `high` are None if there is no interval: for metrics of a whole dataset, or with too
    few frames.
    """

    value: float
    count: int
    low: float | None = None
    high: float | None = None


def aggregate(
    videos: Mapping[str, Measured],
    names: Sequence[str],
    draws: int,
    seed: int,
    group: Group | None = None,
) -> dict[str, Figure]:
    """A method's metrics over all its videos, or over the frames of a group of yaws.

    Metrics without values are left out, and so are those of a whole dataset where there is a group.
    """
    out: dict[str, Figure] = {}
    for name in names:
        if group is None:
            figure = _figure(name, list(videos.values()), draws, seed)
        else:
            figure = _turned(name, list(videos.values()), draws, seed, group)
        if figure is not None:
            out[name] = figure
    return out


def _figure(name: str, videos: Sequence[Measured], draws: int, seed: int) -> Figure | None:
    scope = METRICS[name].scope
    if scope in (Scope.FRAME, Scope.STEP):
        return bootstrapped(
            [np.array(v.values[name], float) for v in videos if name in v.values], draws, seed
        )
    if scope is Scope.VIDEO:
        values = [v.video[name] for v in videos if math.isfinite(v.video.get(name, math.nan))]
        return bootstrapped([np.array([value]) for value in values], draws, seed)
    if name.endswith("-micro"):
        counted = [torch.tensor(v.counts[name])[None] for v in videos if name in v.counts]
        if not counted:
            return None
        value = micro_similarity(torch.cat(counted))
        frames = sum(len(v.scored) for v in videos)
        return Figure(value, frames) if math.isfinite(value) else None
    return _frechet(name, videos)


def _turned(
    name: str, videos: Sequence[Measured], draws: int, seed: int, group: Group
) -> Figure | None:
    scope = METRICS[name].scope
    if scope is Scope.DATASET:
        return None
    if scope is Scope.VIDEO:
        values = [[v.turned[group].get(name, math.nan)] for v in videos if group in v.turned]
    else:
        values = [within(v.values[name], v.yaw, group) for v in videos if name in v.values]
    return bootstrapped([np.array(part, float) for part in values], draws, seed)


def _frechet(name: str, videos: Sequence[Measured]) -> Figure | None:
    sides = []
    for side in ("made", "true"):
        rows = [v.features[f"{name}.{side}"] for v in videos if f"{name}.{side}" in v.features]
        if not rows or sum(len(r) for r in rows) < 2:
            return None
        sides.append(moments(torch.cat(rows)))
    return Figure(frechet_distance(*sides), sides[0].count)


def bootstrapped(videos: Sequence[Array], draws: int, seed: int) -> Figure | None:
    """The mean of all finite values with its percentile interval, by a seeded block bootstrap.

    Blocks of `BLOCK` neighbouring frames are drawn with replacement.
    """
    sums, counts = [], []
    for values in videos:
        for start in range(0, len(values), BLOCK):
            block = values[start : start + BLOCK]
            known = block[np.isfinite(block)]
            if len(known):
                sums.append(known.sum())
                counts.append(len(known))
    if not sums:
        return None
    total, count = np.array(sums), np.array(counts)
    value = float(total.sum() / count.sum())
    if len(total) < 2 or draws < 1:
        return Figure(value, int(count.sum()))
    drawn = np.random.default_rng(seed).integers(0, len(total), (draws, len(total)))
    means = total[drawn].sum(1) / count[drawn].sum(1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(value, int(count.sum()), float(low), float(high))
