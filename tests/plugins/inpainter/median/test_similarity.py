import numpy as np
import pytest

from reenactor_plugins.inpainter.median.similarity import gain, in_place, thumbnail


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
    assert in_place(one, other)


def test_what_is_hidden_does_not_count() -> None:
    cover, hole = scene(), NOTHING.copy()
    cover[:, :120] = 255
    hole[:, :120] = True
    assert in_place(thumbnail(scene(), NOTHING), thumbnail(cover, hole))
    assert not in_place(thumbnail(scene(), NOTHING), thumbnail(cover, NOTHING))
    assert not in_place(thumbnail(scene(), ~NOTHING), thumbnail(cover, NOTHING))


def test_a_line_that_moved_is_no_standing_still() -> None:
    one, same, moved = (thumbnail(scene(edge), NOTHING) for edge in (100, 100, 116))
    assert in_place(one, same)
    assert not in_place(one, moved)  # though most of it is plain


def test_shadows_and_people_who_pass_are_no_movement() -> None:
    shadow, passer = scene(), scene()
    shadow[110:130, 60:140] = 60
    passer[40:150, 180:220] = (60, 60, 160)
    for other in (shadow, passer):
        assert in_place(thumbnail(scene(), NOTHING), thumbnail(other, NOTHING))
