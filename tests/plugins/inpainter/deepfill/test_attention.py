"""Contextual attention against the same thing written out in loops."""

import numpy as np
import pytest
import torch

from reenactor_plugins.inpainter.deepfill.attention import attended, shrunk


def written_out(x: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """C x H x W and H x W (plain halving), place by place."""
    channels, height, width = x.shape
    rows, columns = height // 2, width // 2
    small = np.pad(x[:, ::2, ::2], ((0, 0), (1, 1), (1, 1)))
    small_hole = np.pad(hole[::2, ::2], 1)
    places = [(i, j) for i in range(rows) for j in range(columns)]
    patch = {(i, j): small[:, i : i + 3, j : j + 3] for i, j in places}
    score = np.zeros((rows, columns, rows, columns))
    for b in places:
        size = max(np.sqrt((patch[b] ** 2).sum()), 1e-4)
        for f in places:
            score[b + f] = (patch[b] * patch[f]).sum() / size

    def neighbours(score: np.ndarray, order: list[tuple[int, int]]) -> np.ndarray:
        """In reading order of the places, wrapping from one line to the next."""
        out = score.copy()
        for n, b in enumerate(order):
            for m, f in enumerate(order):
                for step in (-1, 1):
                    if 0 <= n + step < len(order) and 0 <= m + step < len(order):
                        out[b + f] += score[order[n + step] + order[m + step]]
        return out

    score = neighbours(score, places)
    score = neighbours(score, [(i, j) for j in range(columns) for i in range(rows)])
    out = np.zeros((channels, height + 2, width + 2))
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    known = {(i, j): not small_hole[i : i + 3, j : j + 3].any() for i, j in places}
    for f in places:
        weights = np.exp([10 * score[b + f] * known[b] for b in places])
        weights /= weights.sum()
        for b, weight in zip(places, weights, strict=True):
            if known[b]:
                piece = padded[:, 2 * b[0] : 2 * b[0] + 4, 2 * b[1] : 2 * b[1] + 4]
                out[:, 2 * f[0] : 2 * f[0] + 4, 2 * f[1] : 2 * f[1] + 4] += weight * piece / 4
    return out[:, 1:-1, 1:-1]


@pytest.mark.parametrize("covered", [False, True])
def test_it_is_what_the_loops_say(covered: bool) -> None:
    source = np.random.default_rng(0)
    x, hole = source.normal(size=(3, 8, 12)) / 3, np.zeros((8, 12))
    hole[2:4, 6:10] = covered
    found = attended(torch.from_numpy(x)[None], torch.from_numpy(hole)[None, None], corners=False)
    np.testing.assert_allclose(found[0].numpy(), written_out(x, hole), atol=1e-12)


def test_all_hole_gives_nothing() -> None:
    x = torch.rand(1, 4, 8, 8)
    assert (attended(x, torch.ones(1, 1, 8, 8), corners=True) == 0).all()


def test_a_hole_is_filled_with_what_it_resembles() -> None:
    """Stripes go on through a hole that still shows them faintly."""
    stripes = torch.tensor([1.0, 1, 1, 1, -1, -1, -1, -1]).repeat(4).expand(1, 8, 32, 32).clone()
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 12:20, 12:20] = 1
    faint = torch.where(hole > 0, stripes * 0.3, stripes)
    out = attended(faint, hole, corners=False)
    inside = out[..., 13:19, 13:19]
    assert (inside.sign() == stripes[..., 13:19, 13:19]).float().mean() > 0.9
    assert inside.abs().mean() > 0.7


def test_halving_from_corner_to_corner() -> None:
    line = torch.arange(8.0).expand(1, 1, 8, 8)
    # 0, 7/3, 14/3, 7, rounded.
    assert shrunk(line, 2, corners=True)[0, 0, 0].tolist() == [0, 2, 5, 7]
    assert shrunk(line, 2, corners=False)[0, 0, 0].tolist() == [0, 2, 4, 6]
