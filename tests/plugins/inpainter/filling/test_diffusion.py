import numpy as np
import pytest

from reenactor_plugins.inpainter.filling.diffusion import Method, fill_by_diffusion


@pytest.mark.parametrize("method", ["telea", "navier-stokes"])
@pytest.mark.parametrize("side", [16, 40, 400])
def test_a_slope_goes_on_behind_the_hole(method: Method, side: int) -> None:
    y, x = np.mgrid[:120, :90]
    picture = np.stack([60 + x, 60 + y, np.full_like(x, 90)], -1).astype(np.uint8)
    hole = np.zeros((120, 90), bool)
    hole[40:80, 30:60] = True
    covered = np.where(hole[..., None], 255, picture).astype(np.uint8)
    filled = fill_by_diffusion(covered, hole, method=method, side=side)
    assert np.array_equal(filled[~hole], picture[~hole])
    assert np.abs(filled.astype(int) - picture)[hole].mean() < 8
    edge = np.abs(filled[40, 30:60].astype(int) - picture[39, 30:60])
    assert edge.max() < 12  # no step at the hole's rim


def test_nothing_to_fill_and_nothing_to_fill_with() -> None:
    picture = np.full((20, 30, 3), 9, np.uint8)
    assert np.array_equal(fill_by_diffusion(picture, np.zeros((20, 30), bool)), picture)
    assert fill_by_diffusion(picture, np.ones((20, 30), bool)).shape == picture.shape
