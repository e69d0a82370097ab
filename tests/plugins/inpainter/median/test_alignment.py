"""One picture is bent onto another, also behind a hole."""

import cv2
import numpy as np

from reenactor_plugins.inpainter.median.alignment import bent, warped

SIZE = (200, 240)


def texture() -> np.ndarray:
    noise = np.random.default_rng(0).random((300, 400, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(255 * (smooth - smooth.min()) / np.ptp(smooth), np.uint8)


def cut(x: int, y: int) -> np.ndarray:
    return texture()[y : y + SIZE[0], x : x + SIZE[1]]


def test_near_and_far_move_apart() -> None:
    """The lower half moves by 6 pixels, the upper by 2; the hole covers some of both."""
    laid, below = cut(50, 40), cut(52, 40).copy()
    below[100:] = cut(56, 40)[100:]
    both = np.ones(SIZE, bool)
    both[60:140, 90:150] = False
    found = bent(laid, below, both)
    shift = cv2.resize(found, SIZE[::-1])
    assert abs(shift[75, 120, 0] - 2) < 0.7
    assert abs(shift[130, 120, 0] - 6) < 1.2
    close = np.abs(warped(laid, found).astype(int) - below)[both]
    assert np.median(close) < 4


def test_noise_and_what_fits_already_bend_nothing() -> None:
    both = np.ones(SIZE, bool)
    both[60:140, 90:150] = False
    assert not bent(cut(50, 40), cut(50, 40), both).any()
    random = np.random.default_rng(1)
    one, other = ((180 + random.normal(0, 2, (*SIZE, 3))).astype(np.uint8) for _ in range(2))
    assert not bent(one, other, both).any()
