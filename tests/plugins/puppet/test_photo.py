"""Silhouette, colours without fringes, and filling."""

import cv2
import numpy as np

from reenactor.values import Target
from reenactor_plugins.puppet.photo import filled, sampled, target_photo


def test_fill_keeps_what_is_known_and_stays_between() -> None:
    picture = np.zeros((16, 16, 3), np.float32)
    picture[:, :4], picture[:, 12:] = 100, 200
    known = np.zeros((16, 16), np.float32)
    known[:, :4] = known[:, 12:] = 1
    out = filled(picture, known)
    np.testing.assert_allclose(out[:, :4], 100)
    np.testing.assert_allclose(out[:, 12:], 200)
    assert out.min() > 99
    assert out.max() < 201
    assert (np.diff(out[8, 3:13, 0]) > -1).all()


def test_far_from_what_is_known_there_is_its_mean() -> None:
    """A corner is known of a long picture: the other end has the same colour, and is not black."""
    picture = np.zeros((512, 40, 3), np.float32)
    picture[:4, :4] = (200, 100, 50)
    known = np.zeros((512, 40), np.float32)
    known[:4, :4] = 1
    assert np.abs(filled(picture, known) - (200, 100, 50)).max() < 0.1


def test_the_outline_moves_to_where_the_photo_has_an_edge(target: Target) -> None:
    """A parsing that is three pixels too wide is corrected by the colours."""
    truth = target.parsing.labels[0].numpy()
    wide = cv2.dilate(truth, np.ones((7, 7), np.uint8))
    got = target_photo(target, wide).alpha > 0.5
    before = float(((wide > 0) & ~(truth > 0)).sum())
    after = float((got & ~(truth > 0)).sum())
    assert after < 0.35 * before
    assert float((got & (truth > 0)).sum()) > 0.95 * float((truth > 0).sum())


def test_no_background_colour_is_left_in_the_person(target: Target) -> None:
    result = target_photo(target, target.parsing.labels[0].numpy())
    inside = result.alpha > 0.3
    green = np.abs(result.colour - np.array([30, 200, 30])).max(-1) < 60
    assert not (inside & green).any()


def test_more_places_than_opencv_looks_up_at_once() -> None:
    """A large canvas has more pixels of one class than OpenCV allows in a row."""
    picture = np.arange(300, dtype=np.float32)[None].repeat(2, 0)
    x = np.random.default_rng(0).uniform(0, 299, (1, 70_001))
    got = sampled(picture, x, np.zeros_like(x))
    np.testing.assert_allclose(got, x, atol=0.05)
    np.testing.assert_allclose(sampled(picture, x.T, np.zeros_like(x.T)), x.T, atol=0.05)
