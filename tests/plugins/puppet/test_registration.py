"""Label maps drawn onto each other; the truth is known, for the maps are drawn by hand."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.puppet.registration import displacement

SIZE = (200, 160)


def disc(x: float, y: float, radius: float, label: int = 5) -> np.ndarray:
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    return np.where(np.hypot(columns - x, rows - y) < radius, label, 0).astype(np.uint8)


def predict_logits(own: np.ndarray, way: np.ndarray) -> np.ndarray:
    """What is found at the end of the way."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32)
    at = columns + way[..., 0], rows + way[..., 1]
    return cv2.remap(own, at[0], at[1], cv2.INTER_NEAREST)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float(((a > 0) & (b > 0)).sum() / ((a > 0) | (b > 0)).sum())


def test_maps_that_agree_stay() -> None:
    own = np.maximum(disc(60, 80, 30), disc(100, 120, 20, 9))
    assert np.abs(displacement(own, own)).max() == 0


@pytest.mark.parametrize(("dx", "dy"), [(8, 0), (-5, 7), (0, -12)])
def test_what_was_shifted_is_found(dx: int, dy: int) -> None:
    own, wanted = disc(80, 100, 30), disc(80 + dx, 100 + dy, 30)
    way = displacement(own, wanted)
    assert overlap(predict_logits(own, way), wanted) > 0.96 > overlap(own, wanted)
    # Along the shift the way is the shift back; across it a disc's outline says nothing.
    shift = np.array([dx, dy]) / np.hypot(dx, dy)
    along = -(way[wanted > 0] @ shift)
    assert np.median(along) == pytest.approx(np.hypot(dx, dy), rel=0.15)


def test_what_grew_is_drawn_apart() -> None:
    own, wanted = disc(80, 100, 24), disc(80, 100, 34)
    way = displacement(own, wanted)
    assert overlap(predict_logits(own, way), wanted) > 0.95
    assert way[100, 110, 0] < -6  # to the right of the middle: ten pixels farther in
    assert way[100, 50, 0] > 6


def test_each_class_is_drawn_to_its_like() -> None:
    """A border within a body moves, though the outline stays."""
    whole = disc(80, 100, 50, 1) > 0
    rows = np.mgrid[: SIZE[0], : SIZE[1]][0]
    own, wanted = (np.where(whole, np.where(rows < y, 5, 9), 0).astype(np.uint8) for y in (90, 104))
    found = predict_logits(own, displacement(own, wanted))
    assert (own == wanted)[whole].mean() < 0.85
    assert (found == wanted)[whole].mean() > 0.97


def test_what_lies_elsewhere_is_left_alone() -> None:
    still = disc(30, 160, 15, 9)
    own, wanted = np.maximum(disc(110, 60, 25), still), np.maximum(disc(116, 60, 25), still)
    assert np.abs(displacement(own, wanted)[still > 0]).max() < 0.5


@pytest.mark.parametrize("empty", ["own", "wanted", "both"])
def test_with_nothing_there_nothing_moves(empty: str) -> None:
    nothing, something = np.zeros(SIZE, np.uint8), disc(80, 100, 20)
    own = nothing if empty in ("own", "both") else something
    wanted = nothing if empty in ("wanted", "both") else something
    way = displacement(own, wanted)
    assert way.shape == (*SIZE, 2)
    assert not way.any()


def test_at_the_edge_of_the_picture() -> None:
    own, wanted = disc(4, 100, 30), disc(0, 104, 33)
    assert overlap(predict_logits(own, displacement(own, wanted)), wanted) > 0.95
