"""Runs a parsing network, optionally averaged over the flipped picture."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import nn
from torch.nn import functional as F

from reenactor.runtime import Runtime


@torch.inference_mode()
def predict_logits(
    network: nn.Module,
    picture: UInt8[np.ndarray, "S S 3"],
    mirrored: Sequence[int] | None,
    runtime: Runtime,
) -> Float32[np.ndarray, "C S S"]:
    """Compute logits at the picture's resolution.

    Args:
        network: maps RGB pictures in [0, 1] to logits of any resolution.
        mirrored: the channel that each one becomes in the flipped picture, whose logits are
                averaged in; None disables it.
    """
    pixels = torch.from_numpy(picture).to(runtime.device)
    pictures = pixels.permute(2, 0, 1)[None].to(runtime.dtype) / 255
    if mirrored is not None:
        pictures = torch.cat([pictures, pictures.flip(-1)])
    logits = network(pictures).float()
    if mirrored is not None:
        logits = (logits[:1] + logits[1:, list(mirrored)].flip(-1)) / 2
    size = picture.shape[:2]
    if logits.shape[2:] != size:
        # Align corners, as in SCHP's training and in `square_parser`.
        logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=True)
    return logits[0].cpu().numpy()  # type: ignore[no-any-return]
