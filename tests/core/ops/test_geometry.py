"""Crops and pastes against pictures whose every pixel is known."""

import numpy as np
import torch

from reenactor.ops.geometry import crop, crop_labels, paste, paste_transparent, uncrop
from reenactor.values import Frames, Layer, Window


def ramp(height: int, width: int) -> Frames:
    """Red grows by one with x, green by one with y."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x, y, np.zeros_like(x)], -1).astype(np.uint8)
    return Frames(torch.from_numpy(pixels)[None], (0,), "ramp")


def window(*box: float, canvas: tuple[int, int]) -> Window:
    return Window(torch.tensor([box]), canvas)


def test_a_window_on_the_pixel_grid_copies() -> None:
    frames = ramp(100, 120)
    out = crop(frames, window(9.5, 19.5, 49.5, 83.5, canvas=(64, 40)))
    torch.testing.assert_close(out[0, 0, 0] * 255, torch.arange(10, 50).float())
    torch.testing.assert_close(out[0, 1, :, 0] * 255, torch.arange(20, 84).float())


def test_shrinking_averages() -> None:
    frames = ramp(120, 120)
    # Three source pixels a canvas pixel: the mean of x = 3k, 3k+1, 3k+2 is 3k + 1.
    out = crop(frames, window(-0.5, -0.5, 119.5, 119.5, canvas=(40, 40)))
    torch.testing.assert_close(out[0, 0, 5] * 255, 3 * torch.arange(40).float() + 1)


def test_enlarging_puts_pixel_centres_where_they_belong() -> None:
    out = crop(ramp(50, 50), window(9.5, 9.5, 29.5, 29.5, canvas=(40, 40)))
    # Half-pixel steps: canvas x is source 9.75 + x / 2, up to the rounding of 8 bits.
    expected = 9.75 + torch.arange(40) / 2
    assert (out[0, 0, 20] * 255 - expected).abs().max() <= 0.5


def test_window_maps_are_inverse_to_each_other() -> None:
    one = window(-7.0, 3.0, 153.0, 259.0, canvas=(512, 320))
    there, back = one.to_canvas[0].double(), one.to_source[0].double()
    point = torch.tensor([31.0, 200.0], dtype=torch.float64)
    canvas = there[:, :2] @ point + there[:, 2]
    torch.testing.assert_close(back[:, :2] @ canvas + back[:, 2], point, atol=1e-4, rtol=0)


def test_labels_are_never_mixed_and_end_at_the_frame() -> None:
    labels = torch.zeros(1, 20, 20, dtype=torch.uint8)
    labels[0, :, 10:] = 13
    out = crop_labels(labels, window(-0.5, -0.5, 39.5, 39.5, canvas=(80, 80)))
    assert set(out.flatten().tolist()) == {0, 13}
    assert int((out == 13).sum()) == 20 * 40  # 10x20 pixels, doubled on each side


def test_paste_blends_by_the_mask_and_touches_nothing_else() -> None:
    background = np.full((60, 80, 3), 100, np.uint8)
    layer = Layer(torch.ones(1, 3, 16, 10), torch.full((1, 1, 16, 10), 0.5))
    at = window(19.5, 9.5, 29.5, 25.5, canvas=(16, 10))
    out = paste(layer, at, background)
    inside = out[11:25, 21:29]
    assert np.all(np.abs(inside.astype(int) - (255 + 100) / 2) <= 1)  # Eq. 7 by hand
    outside = out.copy()
    outside[8:28, 18:32] = 100
    assert np.all(outside == 100)
    assert np.all(background == 100)


def test_a_layer_half_outside_the_frame_is_cut_and_one_far_outside_changes_nothing() -> None:
    background = np.zeros((20, 20, 3), np.uint8)
    layer = Layer(torch.ones(1, 3, 16, 10), torch.ones(1, 1, 16, 10))
    half = paste(layer, window(-5.5, 1.5, 4.5, 17.5, canvas=(16, 10)), background)
    assert np.all(half[4:15, 0:3] == 255)
    far = window(500.0, 500.0, 510.0, 516.0, canvas=(16, 10))
    assert np.all(paste(layer, far, background) == 0)
    assert uncrop(layer, far, (20, 20)) is None


def test_only_the_persons_rectangle_is_reached() -> None:
    mask = torch.zeros(1, 1, 64, 40)
    mask[0, 0, 10:20, 5:9] = 1
    layer = Layer(torch.ones(1, 3, 64, 40), mask)
    # Two source pixels a canvas pixel: rows 10..19 lie in 20..39 of the source, plus a margin.
    person = uncrop(layer, window(-0.5, -0.5, 79.5, 127.5, canvas=(64, 40)), (200, 200))
    assert person is not None
    assert person.rows.start in range(14, 21)
    assert person.rows.stop in range(40, 47)
    assert person.columns.start in range(4, 11)
    assert person.columns.stop in range(18, 25)
    nobody = Layer(layer.image, torch.zeros_like(mask))
    assert uncrop(nobody, window(0.0, 0, 40, 64, canvas=(64, 40)), (99, 99)) is None


def test_transparent_paste_keeps_straight_colours() -> None:
    layer = Layer(torch.full((1, 3, 16, 10), 0.8), torch.full((1, 1, 16, 10), 0.25))
    out = paste_transparent(layer, window(19.5, 9.5, 29.5, 25.5, canvas=(16, 10)), (60, 80))
    assert out.shape == (60, 80, 4)
    assert abs(int(out[15, 25, 0]) - 204) <= 1
    assert abs(int(out[15, 25, 3]) - 64) <= 1
    assert out[0, 0].tolist() == [0, 0, 0, 0]


def test_a_picture_narrower_than_a_pixel_of_the_canvas() -> None:
    frames = Frames(torch.full((1, 3000, 2, 3), 200, dtype=torch.uint8), (0,), "strip")
    out = crop(frames, window(-1000.0, 0.0, 1000.0, 3000.0, canvas=(96, 64)))
    assert (out * 255).round().eq(200).all()
