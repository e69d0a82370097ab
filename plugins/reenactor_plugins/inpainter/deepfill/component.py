"""The inpainter `deepfill`: fills each picture separately from the hole's surroundings."""

from dataclasses import replace
from functools import partial
from typing import final

import numpy as np
import torch
from jaxtyping import Bool, Float32
from torch import Tensor
from torch.nn import functional as F

from reenactor.roles import Footage, Inpainter
from reenactor.runtime import Runtime
from reenactor.values import Frames
from reenactor_plugins.inpainter.deepfill.network import STRIDE, DeepFill
from reenactor_plugins.inpainter.deepfill.options import DeepFillOptions
from reenactor_plugins.inpainter.deepfill.public_layouts import INSIDE, is_tensorflow, renamed
from reenactor_plugins.inpainter.filling.at_size import fill_at_size
from reenactor_plugins.networks.checkpoint import (
    for_inference,
    from_state_dict,
    load_checkpoint,
    random_network,
)


@final
class DeepFillInpainter(Inpainter[DeepFillOptions, None]):
    """Fills each hole from its own picture; other pixels are unchanged.

    Raises:
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: DeepFillOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)

    def prepare(self, footage: Footage) -> None:
        del footage

    def inpaint(self, prepared: None, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        del prepared
        pixels = frames.pixels.clone()
        side, context = self.options.side, self.options.context
        for picture, hole in zip(pixels.numpy(), holes.numpy(), strict=True):
            fill_at_size(picture, hole, self._made_up, side=side, context=context)
        return replace(frames, pixels=pixels)

    @torch.inference_mode()
    def _made_up(
        self, picture: Float32[np.ndarray, "H W 3"], gap: Bool[np.ndarray, "H W"]
    ) -> Float32[np.ndarray, "H W 3"]:
        """Run the network on a picture in 0..255, padded to a valid size."""
        height, width = gap.shape
        given = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
        hole = torch.from_numpy(gap)[None, None].float()
        pad = (0, -width % STRIDE, 0, -height % STRIDE)
        given, hole = (F.pad(one, pad, mode="replicate") for one in (given, hole))
        device, dtype = self.runtime.device, self.runtime.dtype
        made = self.network(given.to(device, dtype), hole.to(device, dtype))
        cut = made[0, :, :height, :width].float().cpu().permute(1, 2, 0)
        return np.ascontiguousarray(((cut + 1) * 127.5).numpy())


def _network(options: DeepFillOptions, runtime: Runtime) -> DeepFill:
    if options.weights == "random":
        return random_network(DeepFill, runtime.seed)
    tensors = load_checkpoint(options.weights, "weights", "deepfill", inside=INSIDE)
    return from_state_dict(partial(DeepFill, is_tensorflow(tensors)), renamed(tensors), "deepfill")
