"""tOF and the warping error: temporal consistency.

Flow is Farnebäck's, with the settings of TecoGAN's published measurement (pyramid scale .5, 3
levels, window 15, 3 iterations, polynomials over 5 pixels with sigma 1.2).
"""

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, Float64
from torch import Tensor

Array = npt.NDArray[np.float32]


def tof(
    generated: Float[Tensor, "T 3 H W"], truth: Float[Tensor, "T 3 H W"]
) -> Float64[Tensor, " S"]:
    """Mean distance in pixels between the optical flows of two videos, for T - 1 steps."""
    a, b = _grey(generated), _grey(truth)
    steps = range(len(a) - 1)
    values = [
        float(np.linalg.norm(_flow(a[t], a[t + 1]) - _flow(b[t], b[t + 1]), axis=-1).mean())
        for t in steps
    ]
    return torch.tensor(values, dtype=torch.float64)


def warping_error(
    generated: Float[Tensor, "T 3 H W"], reference: Float[Tensor, "T 3 H W"]
) -> Float64[Tensor, " S"]:
    """Mean squared change of the result along the reference's flow, for T - 1 steps.

    Frame t - 1 is warped to t by the reference's flow. Occluded pixels, where forward
    and backward flow disagree, are excluded. In [0, 1]; NaN if no pixels are left. Without a true
    video, pass the result itself as reference.
    """
    grey = _grey(reference)
    values = []
    for t in range(1, len(grey)):
        back, forth = _flow(grey[t], grey[t - 1]), _flow(grey[t - 1], grey[t])
        clear = _consistent(back, forth)
        before = generated[t - 1].permute(1, 2, 0).contiguous().numpy()
        now = generated[t].permute(1, 2, 0).numpy()
        change = ((now - _warped(before, back)) ** 2).mean(-1)
        values.append(float(change[clear].mean()) if clear.any() else float("nan"))
    return torch.tensor(values, dtype=torch.float64)


def _grey(frames: Tensor) -> list[npt.NDArray[np.uint8]]:
    pixels = (frames * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
    return [np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8) for frame in pixels]


def _flow(a: npt.NDArray[np.uint8], b: npt.NDArray[np.uint8]) -> Array:
    start = np.zeros((*a.shape, 2), np.float32)
    return np.asarray(cv2.calcOpticalFlowFarneback(a, b, start, 0.5, 3, 15, 3, 5, 1.2, 0))


def _warped(picture: Array, flow: Array) -> Array:
    """Warp a picture by a flow; borders are repeated."""
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    out = cv2.remap(
        picture,
        x + flow[..., 0],
        y + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(out, np.float32)


def _consistent(back: Array, forth: Array) -> npt.NDArray[np.bool_]:
    """Forward-backward consistency check (Sundaram et al. 2010)."""
    returned = _warped(forth, back)
    gap = ((back + returned) ** 2).sum(-1)
    size = (back**2).sum(-1) + (returned**2).sum(-1)
    out: npt.NDArray[np.bool_] = gap <= 0.01 * size + 0.5
    return out
