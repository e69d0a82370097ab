"""Filling by example: what fills a hole comes from the picture."""

import numpy as np

from reenactor_plugins.inpainter.median.exemplar import fill_by_example


def test_a_hole_that_resembles_little_is_not_black() -> None:
    """A smooth wall matches itself almost exactly; a shadow at the hole's edge matches badly.

    Patches that match badly once weighed nothing at all, and pixels that only they cover
    became black.
    """
    y, x = np.mgrid[:240, :180].astype(np.float32)
    wall = np.stack([120 + y / 12, 165 + y / 16 + x / 90, 165 + y / 20], -1)
    shadow = 35 * np.exp(-(((x - 130) / 30) ** 2) - ((y - 215) / 4) ** 2)
    picture = np.clip(wall - shadow[..., None], 0, 255).astype(np.uint8)
    hole = np.zeros((240, 180), bool)
    hole[40:236, 70:115] = True
    filled = fill_by_example(np.where(hole[..., None], 255, picture).astype(np.uint8), hole)
    assert filled is not None
    assert np.array_equal(filled[~hole], picture[~hole])
    assert filled[hole].min() >= picture.min() - 12
    assert filled[hole].max() <= picture.max() + 12


def wall(height: int = 200, width: int = 240) -> np.ndarray:
    """Vertical stripes above, a speckled floor below."""
    y, x = np.mgrid[:height, :width]
    stripes = 90 + 80 * ((x // 8) % 2)
    floor = 40 + np.random.default_rng(0).integers(0, 40, (height, width))
    grey = np.where(y < 0.7 * height, stripes, floor)
    return np.repeat(grey[..., None], 3, -1).astype(np.uint8)


def person(height: int = 200, width: int = 240) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[60:180, 100:140] = True
    return hole


def test_a_pattern_goes_on_behind_the_hole() -> None:
    truth, hole = wall(), person()
    filled = fill_by_example(np.where(hole[..., None], 255, truth).astype(np.uint8), hole)
    assert filled is not None
    off = np.abs(filled.astype(int) - truth)[..., 0]
    upper = hole.copy()
    upper[130:] = False
    assert np.median(off[upper]) < 8  # a mean of the stripes would be off by 40 everywhere
    lower = hole.copy()
    lower[:150] = False
    assert abs(float(filled[lower].mean()) - float(truth[lower].mean())) < 10
    assert filled[lower].std() > 0.5 * truth[lower].std()  # speckles, no blur


def test_the_same_again_is_the_same_and_the_cover_is_no_matter() -> None:
    truth, hole = wall(), person()
    one, again, other = (
        fill_by_example(np.where(hole[..., None], cover, truth).astype(np.uint8), hole)
        for cover in (255, 255, 0)
    )
    assert one is not None
    assert again is not None
    assert other is not None
    assert np.array_equal(one, again)
    assert np.array_equal(one, other)


def test_nothing_to_copy_from() -> None:
    picture = np.zeros((30, 40, 3), np.uint8)
    assert fill_by_example(picture, np.ones((30, 40), bool)) is None
    same = fill_by_example(picture, np.zeros((30, 40), bool))
    assert same is not None
    assert np.array_equal(same, picture)
