"""Features for FID in two variants, which differ in how frames are resized to 299x299 pixels.

`pytorch-fid` resizes bilinearly without antialiasing, as most published values did. `clean`
(Parmar et al. 2022) uses Pillow's bicubic filter on floats. Values of the two variants are not
comparable.
"""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from reenactor.metrics.inception import Inception, with_weights
from reenactor.metrics.weights import INCEPTION
from reenactor.runtime import Runtime
from reenactor.weights.tensors import load_tensors

Variant = Literal["pytorch-fid", "clean"]
SIDE = 299
BATCH = 8


def load_inception(runtime: Runtime) -> Inception:
    """Load the network with its published weights.

    Raises:
        WeightsError: the file is missing, or a different one.
    """
    return with_weights(Inception(), load_tensors(runtime.weight(INCEPTION))).to(runtime.device)


def features(
    network: Inception, pictures: Float[Tensor, "T 3 H W"], variant: Variant
) -> Float[Tensor, "T 2048"]:
    """Features of pictures in [0, 1], computed in batches."""
    prepared = {"pytorch-fid": enlarged, "clean": clean}[variant]
    device = next(network.parameters()).device
    with torch.inference_mode():
        parts: Iterable[Tensor] = (
            network(prepared(batch).to(device)).cpu() for batch in torch.split(pictures, BATCH)
        )
        return torch.cat(list(parts))


def enlarged(pictures: Float[Tensor, "T 3 H W"]) -> Float[Tensor, "T 3 299 299"]:
    """Bilinear (pixel centres, no filter), then [0, 1] to [-1, 1], as pytorch-fid does."""
    resized = F.interpolate(pictures, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    return resized * 2 - 1


def clean(pictures: Float[Tensor, "T 3 H W"]) -> Float[Tensor, "T 3 299 299"]:
    """Pillow's bicubic filter on each channel in floats of 0..255, then (x - 128) / 128."""
    out = torch.empty(len(pictures), 3, SIDE, SIDE)
    for t, picture in enumerate((pictures * 255).numpy()):
        for channel in range(3):
            image = Image.fromarray(np.ascontiguousarray(picture[channel], np.float32))
            resized = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
            out[t, channel] = torch.from_numpy(np.array(resized).clip(0, 255))
    return (out - 128) / 128
