from collections.abc import Callable

import numpy as np
import pytest

from reenactor_plugins.inpainter.median.similarity import (
    Thumbnail,
    alike,
    gain,
    glance,
    still,
    thumbnail,
)


def scene(edge: int = 100) -> np.ndarray:
    """A light wall on a dark floor that begins at row `edge`."""
    picture = np.full((160, 240, 3), 180, np.uint8)
    picture[edge:] = 90
    return picture


NOTHING = np.zeros((160, 240), bool)


def test_light_is_measured_for_each_colour() -> None:
    warm = (scene() * np.array([1.1, 1.0, 0.9])).astype(np.uint8)
    one, other = thumbnail(scene(), NOTHING), thumbnail(warm, NOTHING)
    assert gain(one, other) == pytest.approx([1.1, 1.0, 0.9], abs=0.01)
    assert alike(one, other) > 0.99
    assert still(one, other)


def test_what_is_hidden_does_not_count() -> None:
    cover, hole = scene(), NOTHING.copy()
    cover[:, :120] = 255
    hole[:, :120] = True
    assert alike(thumbnail(scene(), NOTHING), thumbnail(cover, hole)) == 1
    assert alike(thumbnail(scene(), NOTHING), thumbnail(cover, NOTHING)) < 0.8
    assert alike(thumbnail(scene(), ~NOTHING), thumbnail(cover, NOTHING)) == 0


@pytest.mark.parametrize("look", [thumbnail, glance])
def test_a_line_that_moved_is_no_standing_still(look: Callable[..., Thumbnail]) -> None:
    one, same, moved = (look(scene(edge), NOTHING) for edge in (100, 100, 116))
    assert still(one, same)
    assert alike(one, moved) > 0.8  # most of it is plain
    assert not still(one, moved) or look is glance  # too few single pixels to tell


def test_a_shadow_in_the_second_alone_is_no_movement() -> None:
    shadow = scene()
    shadow[110:130, 60:140] = 60
    assert still(thumbnail(scene(), NOTHING), thumbnail(shadow, NOTHING))
