"""What a network is shown of a hole, and where its answer goes."""

import numpy as np

from reenactor_plugins.inpainter.filling.at_size import fill_at_size


def shown(size: tuple[int, int], box: tuple[slice, slice], side: int, context: float) -> list[int]:
    """The size of what is shown, for a hole that is a box in a grey picture."""
    seen: list[int] = []

    def make_up(picture: np.ndarray, gap: np.ndarray) -> np.ndarray:
        seen.extend(gap.shape)
        assert (picture[~gap] == 90).all()
        return np.full_like(picture, 200)

    picture, hole = np.full((*size, 3), 90, np.uint8), np.zeros(size, bool)
    hole[box] = True
    picture[hole] = 7
    fill_at_size(picture, hole, make_up, side=side, context=context)
    assert (picture[hole] == 200).all()
    assert (picture[~hole] == 90).all()
    return seen


def test_the_surroundings_are_shown() -> None:
    box = slice(100, 140), slice(100, 120)
    assert shown((300, 400), box, 512, 1.0) == [120, 100]
    assert shown((300, 400), box, 512, 0.1) == [72, 52]  # 16 pixels in any case
    assert shown((300, 400), box, 60, 1.0) == [60, 50]


def test_the_picture_may_end_before() -> None:
    assert shown((150, 160), (slice(90, 150), slice(0, 30)), 512, 0.5) == [90, 60]


def test_no_hole_nothing_to_show() -> None:
    assert shown((20, 20), (slice(0, 0), slice(0, 0)), 512, 1.0) == []
