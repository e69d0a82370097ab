"""Movements of the camera are found to a fraction of a pixel."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.inpainter.median.camera import camera_view, movement, scale_for

SIZE = (300, 400)
NOTHING = np.zeros(SIZE, bool)


def texture(size: tuple[int, int] = (600, 800)) -> np.ndarray:
    noise = np.random.default_rng(0).random(size).astype(np.float32)
    coarse = cv2.GaussianBlur(noise, (0, 0), 4)
    grey = 255 * (coarse - coarse.min()) / np.ptp(coarse)
    return np.repeat(grey[..., None], 3, -1).astype(np.uint8)


def seen(x: float, y: float, degrees: float = 0.0, zoom: float = 1.0) -> tuple[np.ndarray, ...]:
    """What a camera sees there, and the map from its pixels to the world's."""
    turn = np.radians(degrees)
    c, s = zoom * np.cos(turn), zoom * np.sin(turn)
    place = np.array([[c, -s, x], [s, c, y], [0, 0, 1.0]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(texture(), place, SIZE[::-1], flags=flags), place


@pytest.mark.parametrize(
    ("there", "near"),
    [
        ((207.3, 145.9, 0.0, 1.0), True),
        ((203.0, 150.0, 1.5, 1.02), True),
        ((270.0, 120.0, 0.0, 1.0), False),
        ((230.0, 160.0, 6.0, 1.1), False),
    ],
)
def test_a_movement_is_found(there: tuple[float, ...], near: bool) -> None:
    (one, first), (other, second) = seen(200, 150), seen(*there)
    views = [camera_view(picture, NOTHING, scale_for(SIZE)) for picture in (one, other)]
    found = movement(views[0], views[1], np.eye(3) if near else None)
    assert found is not None
    corners = np.array([[[0, 0]], [[399, 0]], [[0, 299]], [[399, 299]]], np.float64)
    expected = cv2.perspectiveTransform(corners, np.linalg.inv(second) @ first)
    assert np.abs(cv2.perspectiveTransform(corners, found) - expected).max() < 0.5


def test_standing_still_is_exactly_what_was_guessed() -> None:
    one, _ = seen(200, 150)
    noisy = np.clip(one + np.random.default_rng(1).normal(0, 3, one.shape), 0, 255).astype(np.uint8)
    guess = np.eye(3)
    found = movement(camera_view(one, NOTHING, 1.0), camera_view(noisy, NOTHING, 1.0), guess)
    assert found is guess


def test_what_is_hidden_moves_nobody() -> None:
    """A textured thing that moves across most of the picture, hidden in both."""
    (one, _), (other, _) = seen(200, 150), seen(200, 150)
    thing, _ = seen(20, 20)
    hidden = [np.zeros(SIZE, bool) for _ in range(2)]
    for picture, hole, x in ((one, hidden[0], 40), (other, hidden[1], 70)):
        picture[20:280, x : x + 250] = thing[20:280, :250]
        hole[15:285, x - 5 : x + 255] = True
    views = [camera_view(p, h, 1.0) for p, h in ((one, hidden[0]), (other, hidden[1]))]
    found = movement(views[0], views[1], np.eye(3))
    assert found is not None
    assert np.array_equal(found, np.eye(3))


def test_plain_walls_and_other_places_tell_nothing() -> None:
    plain = np.full((*SIZE, 3), 200, np.uint8)
    assert (
        movement(camera_view(plain, NOTHING, 1.0), camera_view(plain, NOTHING, 1.0), np.eye(3))
        is None
    )
    here, elsewhere = (
        camera_view(seen(0, 0)[0], NOTHING, 1.0),
        camera_view(seen(400, 300)[0], NOTHING, 1.0),
    )
    assert movement(here, elsewhere) is None
