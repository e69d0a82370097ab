"""Points from maps that are drawn."""

import torch

from reenactor_plugins.pose_estimator.openpose.peaks import enlarged, highest, maxima


def spots(*places: tuple[float, float, float]) -> torch.Tensor:
    """One map of 12 x 16 cells with spots at x, y in the input's pixels, of some height."""
    y, x = torch.meshgrid(torch.arange(12) * 8 + 3.5, torch.arange(16) * 8 + 3.5, indexing="ij")
    out = torch.zeros(1, 12, 16)
    for px, py, height in places:
        spot = height * torch.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 7.0**2))
        out = torch.maximum(out, spot[None])
    return out


def test_spots_are_found_within_a_pixel_the_highest_first() -> None:
    (found,) = maxima(enlarged(spots((30, 41, 0.5), (90.6, 60.2, 0.9))))
    expected = torch.tensor([[90.6, 60.2, 0.9], [30, 41, 0.5]])
    torch.testing.assert_close(torch.from_numpy(found), expected, atol=0.8, rtol=0)
    assert abs(found[0, 2] - 0.9) < 0.05


def test_what_is_low_is_nothing() -> None:
    (found,) = maxima(enlarged(spots((30, 41, 0.04))))
    assert found.shape == (0, 3)


def test_a_plateau_is_one_point() -> None:
    flat = torch.zeros(1, 20, 20)
    flat[0, 5:9, 6:8] = 0.5
    (found,) = maxima(flat)
    assert len(found) == 1
    assert abs(found[0, 0] - 6.5) < 1
    assert abs(found[0, 1] - 6.5) < 1.5


def test_a_point_at_the_edge() -> None:
    corner = torch.zeros(1, 20, 20)
    corner[0, 0, 19] = 1
    (found,) = maxima(corner)
    assert found.tolist() == [[19, 0, 1]]


def test_the_highest_pixel() -> None:
    maps = torch.zeros(2, 6, 9)
    maps[0, 4, 7], maps[1, 1, 2] = 0.5, 0.25
    assert highest(maps).tolist() == [[7, 4, 0.5], [2, 1, 0.25]]
