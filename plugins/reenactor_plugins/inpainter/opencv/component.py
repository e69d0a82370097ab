"""The inpainter `opencv`: a smooth filling for each picture."""

from dataclasses import replace
from typing import final

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.roles import Footage, Inpainter
from reenactor.values import Frames
from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.opencv.options import OpenCvOptions


@final
class OpenCvInpainter(Inpainter[OpenCvOptions, None]):
    """Fills each hole from its own picture, at a reduced size."""

    def prepare(self, footage: Footage) -> None:
        del footage

    def inpaint(self, prepared: None, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        del prepared
        options = self.options
        filled = [
            fill_by_diffusion(
                picture, hole, method=options.method, radius=options.radius, side=options.side
            )
            for picture, hole in zip(frames.pixels.numpy(), holes.numpy(), strict=True)
        ]
        pixels = [torch.from_numpy(picture) for picture in filled]
        stacked = torch.stack(pixels) if pixels else frames.pixels.clone()
        return replace(frames, pixels=stacked)
