import numpy as np
import pytest

from reenactor_plugins.inpainter.filling.box import around, reduced


def hole(*where: slice) -> np.ndarray:
    found = np.zeros((40, 60), bool)
    found[where] = True
    return found


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (0.0, (slice(10, 15), slice(20, 31))),
        (3.0, (slice(7, 18), slice(17, 34))),
        ((1.0, 50.0), (slice(9, 16), slice(0, 60))),
    ],
)
def test_a_box_holds_the_hole_and_its_margin(
    margin: float | tuple[float, float], expected: tuple[slice, slice]
) -> None:
    assert around(hole(slice(10, 15), slice(20, 31)), margin) == expected


def test_no_hole_has_no_box() -> None:
    assert around(np.zeros((4, 4), bool), 2.0) is None


def test_reducing_never_mixes_in_what_is_hidden() -> None:
    picture = np.full((40, 60, 3), 100, np.uint8)
    hidden = hole(slice(10, 15), slice(20, 31))
    picture[hidden] = 255
    small, gap = reduced(picture, hidden, (10, 15))
    assert np.allclose(small[~gap], 100)
    assert gap.sum() == 3  # three quarters or more of three 4x4 squares in rows 12 to 15
