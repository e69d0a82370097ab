"""A parser by height: face above the neck, shirt above the hips, and so on."""

from typing import final

import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.roles import Parser
from reenactor.values import Frames, Parsing, Skeleton
from reenactor_toy.foreground import foreground
from reenactor_toy.options import BandsOptions


@final
class ToyBands(Parser[BandsOptions]):
    """Labels a standing person by height alone."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        """Label each picture; only background if neck, hips or ankles are not visible."""
        mask = foreground(frames.pixels, self.options.threshold)
        row = torch.arange(frames.size[0]).float()[None, :, None]
        neck, hip, ankle = (
            skeleton.body[:, joint, 1, None, None]
            for joint in (Joint.NECK, Joint.MID_HIP, Joint.R_ANKLE)
        )
        seen = skeleton.body[:, [Joint.NECK, Joint.MID_HIP, Joint.R_ANKLE], 2].amin(1) > 0
        labels = torch.full(mask.shape, Label.FACE.value, dtype=torch.uint8)
        labels[(row >= neck).expand_as(mask)] = Label.UPPER_CLOTHES
        labels[(row >= hip).expand_as(mask)] = Label.PANTS
        labels[(row >= ankle).expand_as(mask)] = Label.RIGHT_SHOE
        return Parsing(labels * (mask & seen[:, None, None]))
