"""Laying a limb along its bones."""

from dataclasses import replace

import numpy as np
import pytest

from reenactor_plugins.puppet.sprite import Texture, paint
from reenactor_plugins.puppet.strip import Strip, lay


def striped() -> Strip:
    """Forty pixels long, sixteen wide; the upper half red, the lower half blue, round nothing."""
    colour = np.zeros((60, 33, 4), np.uint8)
    colour[10:30, 8:25] = (255, 0, 0, 255)
    colour[30:50, 8:25] = (0, 0, 255, 255)
    return Strip(
        Texture(colour, np.ones((60, 33), np.uint8)), (0.0, 40.0), -10.0, 16.0, 1.0, 1.0, 0.0
    )


def painted(nodes: list[list[float]], scale: float = 1.0) -> np.ndarray:
    sprite = lay(striped(), np.array(nodes, float), scale, (120, 120))
    return paint([sprite] if sprite else [], (120, 120))


def test_a_strip_lies_between_its_joints() -> None:
    out = painted([[60, 20], [60, 60]])
    assert out[25, 60].tolist() == [1, 0, 0, 1]
    assert out[55, 60].tolist() == [0, 0, 1, 1]
    assert out[40, 66, 3] == 1
    assert out[40, 75, 3] == 0
    assert out[70, 60, 3] == 0


def test_it_turns_with_the_bone() -> None:
    out = painted([[80, 50], [40, 50]])
    assert out[50, 75].tolist() == [1, 0, 0, 1]
    assert out[50, 45].tolist() == [0, 0, 1, 1]


def test_a_foreshortened_bone_keeps_its_width() -> None:
    out = painted([[60, 40], [60, 50]])
    assert int((out[45, :, 3] > 0.5).sum()) == int(
        (painted([[60, 20], [60, 60]])[45, :, 3] > 0.5).sum()
    )
    assert out[42, 60, 0] == 1
    assert out[48, 60, 2] == 1


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("degrees", [40, 100, 150, 175])
def test_a_bend_is_round_on_its_outer_side(degrees: float, side: int) -> None:
    """Around the joint, where nothing of either piece is nearer, all is as far across as it is
    from the joint: opaque within the strip's half width of 8.5, nothing beyond, however sharp."""
    strip = replace(striped(), marks=(0.0, 20.0, 40.0))
    bend = np.deg2rad(degrees) * side
    joint = np.array([60.0, 60.0])
    tip = joint + 20 * np.array([np.sin(bend), np.cos(bend)])
    sprite = lay(strip, np.array([[60.0, 40.0], joint, tip]), 1.0, (120, 120))
    assert sprite is not None
    out = paint([sprite], (120, 120))[..., 3]
    y, x = np.mgrid[:120, :120]
    beyond_both = (y > joint[1]) & (
        (x - joint[0]) * np.sin(bend) + (y - joint[1]) * np.cos(bend) < 0
    )
    distance = np.hypot(x - joint[0], y - joint[1])
    assert (out[beyond_both & (distance < 7)] == 1).all()
    assert (out[beyond_both & (distance > 10)] == 0).all()


def test_scale_widens_it() -> None:
    wide = painted([[60, 20], [60, 100]], 2.0)
    narrow = painted([[60, 20], [60, 60]])
    assert abs(int((wide[50, :, 3] > 0.5).sum()) - 2 * int((narrow[40, :, 3] > 0.5).sum())) <= 1


def test_off_the_canvas_there_is_nothing() -> None:
    assert lay(striped(), np.array([[900.0, 900.0], [900.0, 940.0]]), 1.0, (120, 120)) is None


def test_a_mirrored_strip_is_the_other_side() -> None:
    strip = striped()
    np.testing.assert_array_equal(strip.mirrored().mirrored().texture.colour, strip.texture.colour)
