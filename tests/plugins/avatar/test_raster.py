"""Orthographic drawing of triangles."""

import numpy as np

from reenactor_plugins.avatar.raster import rasterise

SIZE = (60, 90)
FIRST_SAMPLE = -0.25
"""Where in a pixel the value is taken, in x and y."""


def square(left: float, top: float, side: float, depth: float) -> tuple[np.ndarray, np.ndarray]:
    x, y = left + side * np.array([0, 1, 0, 1]), top + side * np.array([0, 0, 1, 1])
    points = np.stack([x, y, np.full(4, depth)], 1)
    return points, np.array([[0, 1, 2], [1, 3, 2]], np.int32)


def test_values_are_interpolated_linearly_even_over_depth() -> None:
    """A tilted square whose values are its own x, y and depth: no perspective."""
    points, faces = square(10.3, 5.7, 40, 0.0)
    points[:, 2] = 300 + 2 * points[:, 0] - points[:, 1]
    got = rasterise(points, points.astype(np.float32), faces, SIZE)
    assert got is not None
    inside = got.cover == 1
    y, x = np.nonzero(inside)
    assert 1400 < len(x) <= 1600
    place = np.stack([x + got.x, y + got.y], 1) + FIRST_SAMPLE
    np.testing.assert_allclose(got.values[inside][:, :2], place, atol=0.03)
    np.testing.assert_allclose(got.values[inside][:, 2], 300 + 2 * place[:, 0] - place[:, 1], atol=0.2)
    np.testing.assert_allclose(got.depth[inside], got.values[inside][:, 2], atol=0.2)


def test_cover_is_the_covered_share_of_each_pixel() -> None:
    """A square from the middle of a column's pixels on covers half of that column."""
    points, faces = square(20.0, 9.5, 30, 5.0)
    got = rasterise(points, np.ones((4, 3), np.float32), faces, SIZE)
    assert got is not None
    cover = np.zeros(SIZE)
    cover[got.y : got.y + got.cover.shape[0], got.x : got.x + got.cover.shape[1]] = got.cover
    assert (cover[10:39, 20] == 0.5).all()
    assert (cover[10:39, 21:49] == 1).all()
    assert cover.sum() == 30 * 30
    assert np.isinf(got.depth[got.cover == 0]).all()


def test_the_nearer_triangle_wins_in_either_order() -> None:
    near, faces = square(10, 10, 20, 1.0)
    far, _ = square(20, 10, 20, 2.0)
    red, blue = np.tile([1.0, 0, 0], (4, 1)), np.tile([0, 0, 1.0], (4, 1))
    for first, second in (((near, red), (far, blue)), ((far, blue), (near, red))):
        got = rasterise(
            np.concatenate([first[0], second[0]]),
            np.concatenate([first[1], second[1]]).astype(np.float32),
            np.concatenate([faces, faces + 4]),
            SIZE,
        )
        assert got is not None
        row = got.values[15 - got.y]
        np.testing.assert_allclose(row[25 - got.x], [1, 0, 0], atol=1e-5)
        np.testing.assert_allclose(row[35 - got.x], [0, 0, 1], atol=1e-5)


def test_nothing_is_drawn_off_the_canvas() -> None:
    points, faces = square(200, 10, 20, 1.0)
    assert rasterise(points, np.ones((4, 3), np.float32), faces, SIZE) is None
