"""The body generator `puppet`: the target's own parsing, moved on bones."""

from typing import final

import numpy as np
import torch

from reenactor.roles import BodyGenerator
from reenactor.values import Motion, Parsing, Pose, Target
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.rig import Puppet, posed, puppet
from reenactor_plugins.puppet.sprite import paint_labels


@final
class PuppetBody(BodyGenerator[PuppetOptions, Puppet]):
    """Poses the puppet and draws its classes."""

    def prepare(self, target: Target, motion: Motion) -> Puppet:
        return puppet(target, motion, self.options)

    def generate(self, prepared: Puppet, pose: Pose) -> Parsing:
        labels = np.zeros((len(pose), *pose.canvas), np.uint8)
        for t in range(len(pose)):
            labels[t] = paint_labels(posed(prepared, pose, t), pose.canvas)
        return Parsing(torch.from_numpy(labels))
