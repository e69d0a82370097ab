"""The body generator `avatar`: the parsing of the avatar in each pose."""

from typing import final

import numpy as np
import torch

from reenactor.roles import BodyGenerator
from reenactor.values import Motion, Parsing, Pose, Target
from reenactor_plugins.avatar.figure import Avatar, avatar, posed
from reenactor_plugins.avatar.options import AvatarOptions
from reenactor_plugins.avatar.rig import load_rig
from reenactor_plugins.avatar.weights import RIG
from reenactor_plugins.puppet.sprite import paint_labels


@final
class AvatarBody(BodyGenerator[AvatarOptions, Avatar]):
    """Poses the avatar and draws its classes."""

    def prepare(self, target: Target, motion: Motion) -> Avatar:
        return avatar(load_rig(self.runtime.weight(RIG)), target, motion, self.options)

    def generate(self, prepared: Avatar, pose: Pose) -> Parsing:
        labels = np.zeros((len(pose), *pose.canvas), np.uint8)
        for t in range(len(pose)):
            labels[t] = paint_labels(posed(prepared, pose, t), pose.canvas)
        return Parsing(torch.from_numpy(labels))
