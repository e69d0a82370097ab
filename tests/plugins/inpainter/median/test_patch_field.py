"""Matching finds the patch that fits."""

import numpy as np

from reenactor_plugins.inpainter.median.patch_field import RADIUS, PatchField


def field(level_cost: float = 0.0) -> tuple[PatchField, np.ndarray, np.ndarray]:
    """A checkered picture, 60 x 80, with a hole."""
    y, x = np.mgrid[:60, :80]
    grey = ((x // 4 + y // 4) % 2).astype(np.float32)
    picture = np.stack([grey, 1 - grey, 0.5 * grey], -1).astype(np.float32)
    hole = np.zeros((60, 80), bool)
    hole[25:35, 35:45] = True
    touched = np.zeros_like(hole)
    touched[25 - RADIUS : 35 + RADIUS, 35 - RADIUS : 45 + RADIUS] = True
    sources = ~touched
    sources[:RADIUS], sources[-RADIUS:] = False, False
    sources[:, :RADIUS], sources[:, -RADIUS:] = False, False
    return PatchField(touched, sources, level_cost, np.random.default_rng(0)), picture, hole


def test_a_pattern_finds_itself() -> None:
    found, picture, hole = field()
    for _ in range(6):
        found.improve(picture, (8, 4, 2, 1), (32, 16, 8, 4, 2, 1), jumps=6)
    assert (found.cost < 1e-6).mean() > 0.95
    assert found.sources[found.y * found.width + found.x].all()
    filled = found.vote(picture, hole, (found.cost < 1e-6).astype(np.float32))
    assert np.abs(filled - picture).max() < 1e-5


def test_matches_never_get_worse() -> None:
    found, picture, _ = field()
    costs = []
    for _ in range(3):
        found.improve(picture, (2, 1), (4, 1))
        costs.append(float(found.cost.sum()))
    assert costs == sorted(costs, reverse=True)


def test_a_row_s_neighbours_are_preferred_where_levels_cost() -> None:
    drifts = []
    for level_cost in (0.0, 5.0):
        found, picture, _ = field(level_cost)
        for _ in range(6):
            found.improve(picture, (8, 4, 2, 1), (32, 16, 8, 4, 2, 1), jumps=6)
        drifts.append(float(np.abs(found.y - found.row).mean()))
    assert drifts[1] < 2 < drifts[0]


def test_only_sources_are_adopted() -> None:
    found, _, _ = field()
    before = found.y.copy()
    found.adopt(np.zeros_like(found.row), np.zeros_like(found.row))  # onto themselves: no sources
    assert np.array_equal(found.y, before)
    found.adopt(np.zeros_like(found.row), np.full_like(found.row, 28))
    assert (found.x == found.column + 28).all()
