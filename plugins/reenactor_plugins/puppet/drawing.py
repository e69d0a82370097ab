"""Draws the puppet of a target in given poses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor

from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.puppet.fit import ClassPalette, fitted, palette_of
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.rig import Puppet, posed, puppet
from reenactor_plugins.puppet.sprite import Sprite, paint

Sprites = Sequence[list[Sprite]]
"""The puppet's parts in each pose, farthest first."""


@dataclass(frozen=True)
class PreparedPuppet:
    """The puppet of a target, and the groups of its classes."""

    puppet: Puppet
    clothes: ClassPalette

    def posed(self, pose: Pose) -> Sprites:
        """Place the parts for each pose."""
        return [posed(self.puppet, pose, t) for t in range(len(pose))]


def prepared(options: PuppetOptions, target: Target, motion: Motion) -> PreparedPuppet:
    """Cut a target into parts."""
    return PreparedPuppet(puppet(target, motion, options), palette_of(target))


def drawn(
    clothes: ClassPalette, sprites: Sprites, canvas: tuple[int, int], body: Parsing | None
) -> Float32[np.ndarray, "T H W 4"]:
    """Draw parts, fitted to a body or in their own shape; premultiplied RGBA, 0..1."""
    rgba = np.zeros((len(sprites), *canvas, 4), np.float32)
    for t, parts in enumerate(sprites):
        if body is None:
            rgba[t] = paint(parts, canvas)
        else:
            rgba[t] = fitted(parts, body.labels[t].numpy(), clothes)
    return rgba


def layer_of(rgba: Float[Tensor, "T 4 H W"]) -> Layer:
    """Split premultiplied RGBA into a layer of colours and mask."""
    mask = rgba[:, 3:].clamp(0, 1).contiguous()
    image = rgba[:, :3].clone(memory_format=torch.contiguous_format)
    return Layer(image.div_(mask.clamp(min=1 / 255)).clamp_(0, 1), mask)


def tensor_of(rgba: Float32[np.ndarray, "T H W C"]) -> Float[Tensor, "T C H W"]:
    """Channels first."""
    return torch.from_numpy(rgba).permute(0, 3, 1, 2)
