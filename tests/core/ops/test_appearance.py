"""Colours of clothes tell people apart; cuts are told from movement, noise and flashes."""

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.ops.appearance import alike, appearance_of, cuts_to, grid_of, histogram

RED, BLUE, BLACK, WHITE = (200, 30, 40), (40, 60, 190), (20, 20, 20), (235, 235, 235)


def dressed(
    shirt: tuple[int, int, int], trousers: tuple[int, int, int], x: int = 60, light: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """A standing person of 200 pixels in front of a grey wall, and their key points."""
    picture = np.full((240, 160, 3), 128, np.uint8)
    picture[50:120, x - 20 : x + 20] = shirt
    picture[115:215, x - 18 : x + 18] = trousers
    body = np.zeros((25, 3), np.float32)
    for joint, dx, y in (
        (Joint.NECK, 0, 50), (Joint.MID_HIP, 0, 115), (Joint.L_HIP, 9, 115), (Joint.R_HIP, -9, 115),
        (Joint.L_KNEE, 9, 165), (Joint.R_KNEE, -9, 165), (Joint.L_ANKLE, 9, 210),
        (Joint.R_ANKLE, -9, 210),
    ):  # fmt: skip
        body[joint] = x + dx, y, 1.0
    return (picture * light).astype(np.uint8), body


def test_the_same_clothes_are_alike_elsewhere_and_in_another_light() -> None:
    first = appearance_of(*dressed(RED, BLACK))
    assert alike(first, first) == pytest.approx(1)
    assert (alike(first, appearance_of(*dressed(RED, BLACK, x=100))) or 0) > 0.98
    assert (alike(first, appearance_of(*dressed(RED, BLACK, light=0.8))) or 0) > 0.8


def test_other_clothes_are_not_alike() -> None:
    first = appearance_of(*dressed(RED, BLACK))
    assert (alike(first, appearance_of(*dressed(BLUE, WHITE))) or 0) < 0.3
    assert (
        alike(first, appearance_of(*dressed(BLUE, BLACK))) or 0
    ) < 0.75  # the trousers are the same


def test_what_is_not_seen_says_nothing() -> None:
    picture, body = dressed(RED, BLACK)
    whole = appearance_of(picture, body)
    body[[Joint.L_KNEE, Joint.R_KNEE], 2] = 0
    half = appearance_of(picture, body)
    assert half[1].sum() == 0
    assert alike(whole, half) == pytest.approx(1)
    body[:, 2] = 0
    assert alike(whole, appearance_of(picture, body)) is None
    body[:, 2], body[:, 0] = 1, 5000
    assert alike(whole, appearance_of(picture, body)) is None


def test_a_histogram_is_a_unit_vector_whose_bins_are_soft() -> None:
    one, other = (np.tile(np.array([[v, v, v]], np.uint8), (50, 1)) for v in (100, 110))
    assert np.linalg.norm(histogram(one).astype(float)) == pytest.approx(255, rel=0.01)
    assert (alike(histogram(one)[None], histogram(other)[None]) or 0) > 0.95


def scene(seed: int, shift: int = 0) -> np.ndarray:
    """A picture of many patches in colours of its own, perhaps seen by a camera that turned."""
    rng = np.random.default_rng(seed)
    low, high = sorted(rng.integers(0, 255, 2))
    small = rng.integers(low, high + 1, (12, 40, 3)).astype(np.uint8)
    small[..., seed % 3] //= 3
    return np.ascontiguousarray(np.repeat(np.repeat(small, 20, 0), 20, 1)[:, shift : shift + 400])


def test_a_cut_is_another_scene() -> None:
    a, b = grid_of(scene(1)), grid_of(scene(2))
    assert cuts_to(b, [a, a])
    assert not cuts_to(a, [a, a])
    assert not cuts_to(a, [])


def test_a_moving_camera_noise_and_a_flash_are_no_cuts() -> None:
    a = grid_of(scene(1))
    assert not cuts_to(grid_of(scene(1, shift=30)), [a])
    noise = np.random.default_rng(0).normal(0, 12, a.shape)
    assert not cuts_to((a + noise).clip(0, 255).astype(np.uint8), [a])
    flash = np.full_like(a, 250)
    assert not cuts_to(a, [a, flash])  # the scene is back
