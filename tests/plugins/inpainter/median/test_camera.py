"""Movements of the camera are found to a fraction of a pixel."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.inpainter.median.camera import (
    followed,
    recognised,
    reduction,
    slid,
    view,
    votes,
)

SIZE = (300, 400)
NOTHING = np.zeros(SIZE, bool)
CORNERS = np.array([[[0, 0]], [[399, 0]], [[0, 299]], [[399, 299]]], np.float64)


def texture(size: tuple[int, int] = (600, 800)) -> np.ndarray:
    noise = np.random.default_rng(0).random(size).astype(np.float32)
    coarse = cv2.GaussianBlur(noise, (0, 0), 4)
    grey = 255 * (coarse - coarse.min()) / np.ptp(coarse)
    return np.repeat(grey[..., None], 3, -1).astype(np.uint8)


def seen(
    x: float, y: float, degrees: float = 0.0, zoom: float = 1.0, tilt: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """What a camera sees there, and the map from its pixels to the world's."""
    turn = np.radians(degrees)
    c, s = zoom * np.cos(turn), zoom * np.sin(turn)
    place = np.array([[c, -s, x], [s, c, y], [tilt, 0, 1.0]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(texture(), place, SIZE[::-1], flags=flags), place


def off(found: np.ndarray, expected: np.ndarray) -> float:
    """How far apart two movements bring the picture's corners."""
    ends = [cv2.perspectiveTransform(CORNERS, matrix) for matrix in (found, expected)]
    return float(np.abs(ends[0] - ends[1]).max())


@pytest.mark.parametrize(
    ("there", "find"),
    [
        ((207.3, 145.9, 0.0, 1.0), followed),
        ((203.0, 150.0, 1.5, 1.02), followed),
        ((204.0, 151.0, 0.0, 1.0, 5e-5), followed),
        ((270.0, 120.0, 0.0, 1.0), recognised),
        ((230.0, 160.0, 6.0, 1.1), recognised),
    ],
)
def test_a_movement_is_found(there: tuple[float, ...], find: object) -> None:
    (one, first), (other, second) = seen(200, 150), seen(*there)
    pair = view(one, NOTHING), view(other, NOTHING)
    found = followed(*pair, np.eye(3)) if find is followed else recognised(*pair)
    assert found is not None
    assert off(found.matrix, np.linalg.inv(second) @ first) < 0.5
    assert found.agreeing > 0.9


def test_large_pictures_are_compared_at_a_smaller_size() -> None:
    to_view = reduction((1080, 1920))
    middle = cv2.perspectiveTransform(np.array([[[959.5, 539.5]]]), to_view)
    assert np.allclose(middle, [[[359.5, 202.0]]], atol=0.01)


def test_what_is_hidden_moves_nobody() -> None:
    """A textured thing that moves across most of the picture, hidden in both."""
    (one, _), (other, _) = seen(200, 150), seen(200, 150)
    thing, _ = seen(20, 20)
    hidden = [np.zeros(SIZE, bool) for _ in range(2)]
    for picture, hole, x in ((one, hidden[0], 40), (other, hidden[1], 70)):
        picture[20:280, x : x + 250] = thing[20:280, :250]
        hole[15:285, x - 5 : x + 255] = True
    found = followed(view(one, hidden[0]), view(other, hidden[1]), np.eye(3))
    assert found is not None
    assert off(found.matrix, np.eye(3)) < 0.1


def test_other_places_are_not_recognised() -> None:
    here, elsewhere = (view(seen(*at)[0], NOTHING) for at in ((0, 0), (400, 300)))
    assert followed(here, elsewhere, np.eye(3)) is None
    assert recognised(here, elsewhere) is None


def room(dx: int, dy: int, seed: int) -> np.ndarray:
    """A plain wall over a plain floor, with noise."""
    picture = np.full((*SIZE, 3), 190.0)
    picture[200 + dy :] = (110, 90, 70)
    picture[200 + dy :, 120 + dx : 123 + dx] = 70
    picture += np.random.default_rng(seed).normal(0, 1.5, picture.shape)
    return picture.clip(0, 255).astype(np.uint8)


def test_a_plain_wall_slides_with_its_lines() -> None:
    found = slid(view(room(0, 0, 1), NOTHING), view(room(5, -4, 2), NOTHING), np.eye(3))
    assert found is not None
    assert found.matrix[:2, 2] == pytest.approx([5, -4], abs=0.5)
    plain = np.full((*SIZE, 3), 200, np.uint8)
    still = slid(view(plain, NOTHING), view(plain, NOTHING), np.eye(3))
    assert still is not None
    assert np.allclose(still.matrix, np.eye(3))


def test_a_subtitle_that_changes_is_outvoted() -> None:
    one, _ = seen(200, 150)
    other, (shifted, _) = one.copy(), seen(206, 150)
    other[240:290, 60:340] = texture()[:50, :280]
    still, moving, lost = votes(view(one, NOTHING), view(other, NOTHING))
    assert still > 5 * (moving + 1)
    assert lost > 0
    still, moving, _ = votes(view(one, NOTHING), view(shifted, NOTHING))
    assert moving > 5 * (still + 1)
