import warnings

import numpy as np
import pytest

from reenactor_plugins.inpainter.median.visible_median import visible_median


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 13, 16])
def test_it_is_the_median_of_what_is_seen(length: int) -> None:
    random = np.random.default_rng(length)
    pictures = random.integers(0, 256, (length, 70, 20, 3)).astype(np.uint8)
    hidden = random.random((length, 70, 20)) < 0.4
    median, seen = visible_median(list(pictures), list(hidden))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pixels that are never seen have no median
        expected = np.nanmedian(np.where(hidden[..., None], np.nan, pictures), 0)
    assert np.array_equal(seen, ~hidden.all(0))
    assert np.array_equal(median[seen], np.floor(expected[seen]).astype(np.uint8))
    assert (median[~seen] == 255).all()
