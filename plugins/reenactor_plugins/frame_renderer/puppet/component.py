"""Renders the target as a puppet: its own pixels, moved."""

from typing import final

import numpy as np
import torch

from reenactor.roles import FrameRenderer
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.frame_renderer.puppet.options import PuppetOptions
from reenactor_plugins.puppet.rig import Manner, Puppet, posed, puppet
from reenactor_plugins.puppet.sheet import paint


@final
class PuppetRenderer(FrameRenderer[PuppetOptions, Puppet]):
    """No network: parts of the photo on bones, with depth enough to turn and to cross limbs."""

    def prepare(self, target: Target, motion: Motion) -> Puppet:
        options = self.options
        return puppet(target, motion, Manner(options.edge, options.complete, options.turn))

    def render(
        self, prepared: Puppet, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del body, past  # the puppet needs neither
        rgba = np.stack(
            [paint(posed(prepared, pose, t), pose.canvas) for t in range(len(pose))]
            or [np.zeros((0, *pose.canvas, 4), np.float32)]
        ).reshape(-1, *pose.canvas, 4)
        mask = torch.from_numpy(rgba[..., 3]).clamp(0, 1)[:, None]
        colour = torch.from_numpy(rgba[..., :3]).permute(0, 3, 1, 2)
        image = (colour / mask.clamp(min=1 / 255)).clamp(0, 1).contiguous()
        return Layer(image, mask)
