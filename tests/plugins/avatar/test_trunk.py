"""A trunk of rings, made of a painted column."""

import numpy as np
import pytest

from reenactor.labels import Label
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.trunk import _lit, fit_trunk, place_trunk_mesh
from reenactor_plugins.puppet.joints import NUM_POINTS, PuppetJoints
from reenactor_plugins.puppet.spine import spine
from reenactor_plugins.puppet.sprite import Texture, paint
from reenactor_plugins.puppet.trunk import Trunk

SIZE = (260, 200)
UNIT = 200.0
CLOTH, PRINT = (200, 40, 40), (20, 20, 240)


@pytest.fixture(scope="module")
def figure() -> PuppetJoints:
    """Somebody upright: the neck at y 60, the hips at 160."""
    points = np.zeros((NUM_POINTS, 2))
    points[:] = 100, 160
    for joint, spot in {
        1: (100, 60), 8: (100, 160), 25: (100, 20), 5: (134, 60), 2: (66, 60), 12: (120, 160),
        9: (80, 160), 13: (120, 240), 10: (80, 240), 14: (120, 320), 11: (80, 320),
    }.items():  # fmt: skip
        points[joint] = spot
    return PuppetJoints(points, np.ones(NUM_POINTS, bool), UNIT)


@pytest.fixture(scope="module")
def trunk(figure: PuppetJoints) -> Trunk:
    """A column of cloth, 60 wide, with a print in its middle third."""
    rows, columns = 130, 61
    colour = np.zeros((rows, columns, 4), np.uint8)
    colour[..., :3], colour[..., 3] = CLOTH, 255
    colour[30:100, 20:41, :3] = PRINT
    labels = np.full((rows, columns), Label.UPPER_CLOTHES, np.uint8)
    half, axis = np.full(rows, 30.0), spine(figure, 0.0)
    return Trunk(
        Texture(colour, labels), axis.marks, -20.0, 1.0, half, np.zeros(rows), np.full(rows, 0.7),
        axis.spread, 0.0, False,
    )  # fmt: skip


def drawn(rig: AnnyRig, trunk: Trunk, figure: PuppetJoints, degrees: float) -> np.ndarray:
    sprite = place_trunk_mesh(fit_trunk(rig, trunk), figure, np.radians(degrees), 1.0, 1.0, SIZE)
    assert sprite is not None
    return paint([sprite], SIZE)


def test_from_the_front_it_is_the_photo(rig: AnnyRig, trunk: Trunk, figure: PuppetJoints) -> None:
    got = drawn(rig, trunk, figure, 0)
    row = got[120]
    inside = np.flatnonzero(row[:, 3] > 0.5)
    assert (inside[0], inside[-1]) == (pytest.approx(70, abs=1), pytest.approx(130, abs=1))
    np.testing.assert_allclose(row[100, :3] * 255, PRINT, atol=3)
    for x in (78, 122):
        np.testing.assert_allclose(row[x, :3] * 255, CLOTH, atol=3)


def test_the_print_goes_round_the_side_and_is_not_on_the_back(
    rig: AnnyRig, trunk: Trunk, figure: PuppetJoints
) -> None:
    back = drawn(rig, trunk, figure, 180)[120]
    seen = back[:, 3] > 0.9
    np.testing.assert_allclose(back[seen][:, :3] * 255, np.tile(CLOTH, (seen.sum(), 1)), atol=12)
    aside = drawn(rig, trunk, figure, 60)[120]
    blue = np.flatnonzero(aside[:, 2] > 0.6)
    assert blue.mean() > 108  # the face, and the print, turned to the picture's right


def test_from_the_side_it_is_as_deep_as_the_rig(
    rig: AnnyRig, trunk: Trunk, figure: PuppetJoints
) -> None:
    """The rig's depth at that level, scaled as its width is to the photo's, within limits."""
    got = drawn(rig, trunk, figure, 90)[120, :, 3].sum()
    ring = rig.trunk[np.abs(rig.levels - 0.6).argmin()] * 100  # trunk lengths: 100 pixels
    wide, deep = np.ptp(ring[:, 0]), np.ptp(ring[:, 1])
    assert got == pytest.approx(deep * np.clip(60 / wide, 0.85, 1.35), rel=0.08)


def test_it_follows_shift_and_scale(rig: AnnyRig, trunk: Trunk, figure: PuppetJoints) -> None:
    small = PuppetJoints(figure.points * 0.5 + [40, 30], figure.seen, UNIT / 2)
    fitted = fit_trunk(rig, trunk)
    sprite = place_trunk_mesh(fitted, small, 2.0, 0.5, 1.0, SIZE)
    assert sprite is not None
    half = paint([sprite], SIZE)[..., 3]
    whole = drawn(rig, trunk, figure, np.degrees(2.0))[..., 3]
    assert half.sum() == pytest.approx(whole.sum() / 4, rel=0.03)
    y, x = np.nonzero(half > 0.5)
    yy, xx = np.nonzero(whole > 0.5)
    assert (x.mean(), y.mean()) == (
        pytest.approx(xx.mean() / 2 + 40, abs=0.7), pytest.approx(yy.mean() / 2 + 30, abs=0.7)
    )  # fmt: skip


def test_shade_on_a_back_is_lifted_and_patterns_stay() -> None:
    """Rows of two colours with a dark fold of the same hue, and a panel of another colour."""
    colour = np.zeros((60, 200, 3), np.float32)
    colour[:30], colour[30:] = (200, 100, 60), (60, 90, 180)
    shaded = colour.copy()
    shaded[:, 40:70] *= 0.5
    shaded[:, 150:180] = (20, 60, 20)  # a panel of the garment's own
    lifted = _lit(shaded, np.ones((60, 200), bool))
    assert np.abs(lifted[10, 50:60] - (200, 100, 60)).max() < 24  # 100 before
    assert np.abs(lifted[50, 50:60] - (60, 90, 180)).max() < 24
    assert np.allclose(lifted[:, 160:170], (20, 60, 20), atol=2)
    assert np.allclose(lifted[5:25, 100:130], (200, 100, 60), atol=2)
