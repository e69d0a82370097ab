"""The avatar as a whole: how meshes and the photo's cut are joined."""

from pathlib import Path

import numpy as np
import pytest

from reenactor.labels import Label
from reenactor_plugins.avatar.figure import _crossfade, share_of
from reenactor_plugins.puppet.sprite import Sprite, Texture, paint


def test_shares_depend_on_the_angle_only_and_never_jump() -> None:
    angles = np.radians(np.arange(-400, 400, 0.5))
    shares = np.array([share_of(float(a), (18.0, 38.0)) for a in angles])
    assert np.abs(np.diff(shares)).max() < 0.04
    assert share_of(float(np.radians(17)), (18.0, 38.0)) == 0
    assert share_of(float(np.radians(39)), (18.0, 38.0)) == share_of(float(np.pi), (18.0, 38.0)) == 1
    assert share_of(0.5, (18.0, 38.0)) == pytest.approx(share_of(-0.5, (18.0, 38.0)))
    assert share_of(0.5 + 2 * np.pi, (18.0, 38.0)) == pytest.approx(share_of(0.5, (18.0, 38.0)))


def plain(x: int, colour: tuple[int, int, int], cover: np.ndarray) -> Sprite:
    height, width = cover.shape
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[..., :3] = colour
    map_y, map_x = np.mgrid[:height, :width].astype(np.float32)
    labels = np.full(cover.shape, Label.UPPER_CLOTHES, np.uint8)
    return Sprite(x, 0, map_x, map_y, Texture(rgba, labels), cover)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.0])
def test_a_mixture_has_the_colours_and_opacities_of_both(share: float) -> None:
    one = np.ones((4, 10), np.float32)
    cut = plain(0, (255, 0, 0), one)
    mesh = plain(5, (0, 0, 255), one * np.float32(share))
    got = paint([s for s in _crossfade(cut, mesh, share) if s], (4, 20))[2]
    red, blue = np.zeros((20, 4)), np.zeros((20, 4))
    red[:10, [0, 3]], blue[5:15, [2, 3]] = 1, 1
    np.testing.assert_allclose(got, red * (1 - share) + blue * share, atol=4e-3)
