"""SSIM in its three variants, and PSNR.

The paper's Table 1 prints "SSIM ↓" with .116 as the best. Lower cannot be better for SSIM
itself; the likely meaning is (1 - SSIM) / 2, which the lpips package calls DSSIM, or else
1 - SSIM, so all three are reported.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, Float64
from torch import Tensor

CAP = 100.0
"""The value for equal pictures, whose PSNR is infinite, in decibels."""

Array = npt.NDArray[np.float64]


def ssim(
    generated: Float[Tensor, "T 3 H W"],
    truth: Float[Tensor, "T 3 H W"],
    mask: Float[Tensor, "T 1 H W"] | None = None,
) -> Float64[Tensor, " T"]:
    """SSIM in [-1, 1] by scikit-image with the settings of Wang et al. 2004, section III-C.

    Gaussian window of 11x11 with sigma 1.5, K1 = .01, K2 = .03, population covariance, colours
    in [0, 1], per channel. With a mask (person = 1), the map is averaged over it; NaN if it is
    empty. A border of 5 pixels, where the window leaves the picture, is excluded.
    """
    settings = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return _mean_ssim(generated, truth, mask, 1.0, 5, settings)


def dssim(
    generated: Float[Tensor, "T 3 H W"], truth: Float[Tensor, "T 3 H W"]
) -> Float64[Tensor, " T"]:
    """(1 - SSIM) / 2 in [0, 1] as the lpips package computes it: a 7x7 mean, colours in 0..255."""
    return (1 - _mean_ssim(generated * 255, truth * 255, None, 255.0, 3, {})) / 2


def psnr(
    generated: Float[Tensor, "T 3 H W"],
    truth: Float[Tensor, "T 3 H W"],
    mask: Float[Tensor, "T 1 H W"] | None = None,
) -> Float64[Tensor, " T"]:
    """10 log10(1 / MSE) in decibels over RGB in [0, 1], at most `CAP`; NaN for an empty mask."""
    error = (generated.double() - truth.double()).square().mean(1, keepdim=True)
    weight = torch.ones_like(error) if mask is None else mask.double()
    mse = (error * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))
    return (-10 * torch.log10(mse)).clamp(max=CAP)


def _mean_ssim(
    generated: Tensor,
    truth: Tensor,
    mask: Tensor | None,
    span: float,
    border: int,
    settings: dict[str, Any],
) -> Tensor:
    values = []
    for t in range(generated.shape[0]):
        similar = _map(generated[t], truth[t], span, settings)[border:-border, border:-border]
        if mask is None:
            values.append(float(similar.mean()))
            continue
        where = mask[t, 0, border:-border, border:-border].numpy() > 0.5
        values.append(float(similar[where].mean()) if where.any() else float("nan"))
    return torch.tensor(values, dtype=torch.float64)


def _map(a: Tensor, b: Tensor, span: float, settings: dict[str, Any]) -> Array:
    """SSIM of each pixel, the mean of the channels."""
    from skimage.metrics import structural_similarity

    first, second = (picture.permute(1, 2, 0).double().numpy() for picture in (a, b))
    full: Array = structural_similarity(  # type: ignore[no-untyped-call]  # untyped in scikit-image
        first, second, data_range=span, channel_axis=2, full=True, **settings
    )[1]
    out: Array = full.mean(2)
    return out
