"""Filling by example: what fills a hole comes from the picture."""

import numpy as np

from reenactor_plugins.inpainter.filling.exemplar import fill_by_example


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
