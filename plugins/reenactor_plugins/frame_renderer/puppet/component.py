"""Renders the target as a puppet: its own pixels, moved."""

from dataclasses import dataclass
from typing import final

import numpy as np
import torch

from reenactor.roles import FrameRenderer
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.frame_renderer.puppet.options import PuppetOptions
from reenactor_plugins.puppet.fit import Wardrobe, fitted, wardrobe
from reenactor_plugins.puppet.rig import Manner, Puppet, posed, puppet
from reenactor_plugins.puppet.sheet import paint


@dataclass(frozen=True)
class Prepared:
    """The puppet of a target, and what may stand for what on it."""

    puppet: Puppet
    clothes: Wardrobe


@final
class PuppetRenderer(FrameRenderer[PuppetOptions, Prepared]):
    """No network: parts of the photo on bones, with depth enough to turn and to cross limbs.

    Given a parsing, the puppet is fitted to it. Without one, or with the one of the body
    generator `puppet`, it has its own shape.
    """

    def prepare(self, target: Target, motion: Motion) -> Prepared:
        options = self.options
        manner = Manner(options.edge, options.complete, options.turn)
        image = target.image[0].permute(1, 2, 0).contiguous().numpy()
        clothes = wardrobe(image, target.parsing.labels[0].numpy())
        return Prepared(puppet(target, motion, manner), clothes)

    def render(
        self, prepared: Prepared, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del past
        rgba = np.zeros((len(pose), *pose.canvas, 4), np.float32)
        for t in range(len(pose)):
            stamps = posed(prepared.puppet, pose, t)
            if body is None:
                rgba[t] = paint(stamps, pose.canvas)
            else:
                rgba[t] = fitted(stamps, body.labels[t].numpy(), prepared.clothes)
        mask = torch.from_numpy(rgba[..., 3]).clamp(0, 1)[:, None]
        colour = torch.from_numpy(rgba[..., :3]).permute(0, 3, 1, 2)
        image = (colour / mask.clamp(min=1 / 255)).clamp(0, 1).contiguous()
        return Layer(image, mask)
