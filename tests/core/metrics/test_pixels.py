"""SSIM, DSSIM and PSNR against their definitions, and as properties."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

from reenactor.metrics import METRICS
from reenactor.metrics.pixels import CAP, dssim, psnr, ssim
from reenactor.metrics.registry import within

Array = npt.NDArray[np.float64]


def blurred(frames: Tensor, sigma: float) -> Tensor:
    if sigma == 0:
        return frames
    out = [cv2.GaussianBlur(f.permute(1, 2, 0).numpy(), (0, 0), sigma) for f in frames]
    return torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2)


def shifted(frames: Tensor, pixels: int) -> Tensor:
    return torch.roll(frames, pixels, -1)


def noisy(frames: Tensor, amount: float) -> Tensor:
    noise = torch.randn(frames.shape, generator=torch.Generator().manual_seed(2))
    return (frames + amount * noise).clamp(0, 1)


def by_definition(a: Array, b: Array, kernel: Array, span: float) -> Array:
    """SSIM of one channel window by window: Wang et al. 2004, Eq. 13, written out."""
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    side = len(kernel)
    x = np.lib.stride_tricks.sliding_window_view(a, (side, side))
    y = np.lib.stride_tricks.sliding_window_view(b, (side, side))

    def mean(v: Array) -> Array:
        return np.asarray((v * kernel).sum((-1, -2)))

    mx, my = mean(x), mean(y)
    vx, vy, vxy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    top = (2 * mx * my + c1) * (2 * vxy + c2)
    return np.asarray(top / ((mx * mx + my * my + c1) * (vx + vy + c2)))


def gaussian() -> Array:
    line = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    kernel = np.outer(line, line)
    return np.asarray(kernel / kernel.sum())


def test_ssim_is_its_definition(frames: Tensor) -> None:
    worse = noisy(frames, 0.1)
    pairs = zip(worse[0].double().numpy(), frames[0].double().numpy(), strict=True)
    expected = np.mean([by_definition(a, b, gaussian(), 1.0).mean() for a, b in pairs])
    assert float(ssim(worse[:1], frames[:1])[0]) == pytest.approx(expected, abs=1e-6)


def test_dssim_is_its_definition(frames: Tensor) -> None:
    worse = blurred(frames, 1)
    kernel = np.full((7, 7), 1 / 49)
    pairs = zip(worse[0].numpy() * 255.0, frames[0].numpy() * 255.0, strict=True)
    # That implementation takes the sample covariance: 49 / 48 of the population's.
    values = []
    for a, b in pairs:
        c1, c2 = 2.55**2, 7.65**2
        x = np.lib.stride_tricks.sliding_window_view(a.astype(float), (7, 7))
        y = np.lib.stride_tricks.sliding_window_view(b.astype(float), (7, 7))
        mx, my = (x * kernel).sum((-1, -2)), (y * kernel).sum((-1, -2))
        vx, vy = x.var((-1, -2), ddof=1), y.var((-1, -2), ddof=1)
        vxy = ((x * y * kernel).sum((-1, -2)) - mx * my) * 49 / 48
        top = (2 * mx * my + c1) * (2 * vxy + c2)
        values.append((top / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean())
    expected = (1 - np.mean(values)) / 2
    assert float(dssim(worse[:1], frames[:1])[0]) == pytest.approx(expected, abs=1e-5)


def test_psnr_in_closed_form() -> None:
    black = torch.zeros(1, 3, 16, 16)
    assert float(psnr(black + 0.1, black)[0]) == pytest.approx(20, abs=1e-5)
    assert float(psnr(black, black)[0]) == CAP
    half = torch.zeros(1, 1, 16, 16)
    half[..., :8] = 1
    left = black.clone()
    left[..., :8] = 0.1
    assert float(psnr(left, black, half)[0]) == pytest.approx(20, abs=1e-5)
    assert float(psnr(left, black)[0]) == pytest.approx(20 + 10 * np.log10(2), abs=1e-5)
    assert torch.isnan(psnr(black, black, half * 0)).all()


def test_identity_symmetry_range(frames: Tensor) -> None:
    other = noisy(frames, 0.2)
    assert torch.allclose(ssim(frames, frames), torch.ones(4).double())
    assert torch.allclose(dssim(frames, frames), torch.zeros(4).double(), atol=1e-9)
    for measure in (ssim, dssim, psnr):
        assert torch.allclose(measure(frames, other), measure(other, frames))
    for name, values in (("ssim", ssim(other, frames)), ("dssim", dssim(other, frames))):
        assert all(within(METRICS[name], v) for v in values.tolist())


@pytest.mark.parametrize(
    "harm",
    [
        lambda f, k: blurred(f, 0.7 * k),
        lambda f, k: shifted(f, k),
        lambda f, k: noisy(f, 0.05 * k),
    ],
)
def test_more_harm_is_worse(frames: Tensor, harm: object) -> None:
    rows = [harm(frames, k) for k in (0, 1, 2, 4)]  # type: ignore[operator]  # parametrized as object
    for measure, sign in ((ssim, 1), (psnr, 1), (dssim, -1)):
        means = [float(sign * measure(row, frames).mean()) for row in rows]
        assert means == sorted(means, reverse=True)
        assert len(set(means)) == 4


def test_a_mask_looks_at_the_person_only(frames: Tensor) -> None:
    mask = torch.zeros(4, 1, 192, 128)
    mask[:, :, 60:120, 40:90] = 1
    outside = noisy(frames, 0.3) * (1 - mask) + frames * mask
    inner = torch.zeros_like(mask)
    inner[:, :, 66:114, 46:84] = 1  # the window of SSIM reaches 5 pixels
    assert torch.allclose(ssim(outside, frames, inner), torch.ones(4).double())
    assert float(ssim(outside, frames).mean()) < 0.9
    assert torch.isnan(ssim(frames, frames, mask * 0)).all()
