"""Flow metrics on a picture that is known to move."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.metrics.temporal import tof, warping_error


def blurred(frames: Tensor, sigma: float) -> Tensor:
    if sigma == 0:
        return frames
    out = [cv2.GaussianBlur(f.permute(1, 2, 0).numpy(), (0, 0), sigma) for f in frames]
    return torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2)


def noisy(frames: Tensor, amount: float) -> Tensor:
    noise = torch.randn(frames.shape, generator=torch.Generator().manual_seed(2))
    return (frames + amount * noise).clamp(0, 1)


@pytest.fixture(scope="module")
def moving() -> Tensor:
    """A smooth texture that moves 2 pixels to the right with each frame."""
    noise = torch.rand(1, 3, 96, 160, generator=torch.Generator().manual_seed(7))
    still = blurred(noise, 3)
    still = (still - still.min()) / (still.max() - still.min())
    return torch.cat([still[..., 16 - 2 * t : 144 - 2 * t] for t in range(4)])


def test_the_same_video_has_no_difference(moving: Tensor) -> None:
    assert tof(moving, moving).tolist() == [0] * 3


def test_a_still_video_misses_the_motion(moving: Tensor) -> None:
    still = moving[:1].repeat(4, 1, 1, 1)
    values = tof(still, moving)
    assert values.tolist() == pytest.approx([2] * 3, abs=0.3)
    assert torch.equal(values, tof(moving, still))


def test_what_moves_with_the_reference_has_no_warping_error(moving: Tensor) -> None:
    assert float(warping_error(moving, moving).max()) < 2e-4
    still = moving[:1].repeat(4, 1, 1, 1)
    assert float(warping_error(still, moving).min()) > 1e-3


def test_flicker_adds_its_variance(moving: Tensor) -> None:
    # Independent noise of variance v in both frames of a step changes 2 v from one to the next;
    # interpolation at whole pixels takes nothing away, between them at most half of one share.
    errors = [float(warping_error(noisy(moving, s), moving).mean()) for s in (0, 0.02, 0.05, 0.1)]
    assert errors == sorted(errors)
    assert 1.0 * 0.05**2 < errors[2] < 2.1 * 0.05**2


def test_one_frame_has_no_step(moving: Tensor) -> None:
    assert tof(moving[:1], moving[:1]).shape == (0,)
    assert warping_error(moving[:1], moving[:1]).shape == (0,)
