"""What P2B learns from: one person's parsing, and the same person in another pose."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.ops.drawing import stick_figure
from reenactor.ops.hand_labels import draw_hands
from reenactor.training import Example, ExampleInfo
from reenactor.training.shards import Shards
from reenactor.values import Parsing, Skeleton
from reenactor_plugins.augmentation import (
    AffineRanges,
    AffineTransform,
    mirrored,
    random_affine,
    seen,
    squeezed,
)
from reenactor_plugins.body_generator.p2b.options import P2BOptions
from reenactor_plugins.body_generator.p2b.settings import P2BSettings
from reenactor_plugins.networks.hands import without_hands

BODY = (Joint.R_SHOULDER, Joint.L_SHOULDER, Joint.R_HIP, Joint.L_HIP, Joint.R_ANKLE, Joint.L_ANKLE,
        Joint.NOSE, Joint.NECK)  # fmt: skip
"""By which one body is laid over another."""


class Pairs:
    """Two examples of one person: "each training step relies on a single person in two different
    poses" (section 3.1). A photo without a partner is its own.

    Without `settings` for chance (for validation), examples are neither turned, scaled,
    squeezed nor mirrored, and the pose is the person's own.
    """

    def __init__(
        self, shards: Shards, settings: P2BSettings, options: P2BOptions, *, vary: bool
    ) -> None:
        self.shards = shards
        self.settings = settings
        self.options = options
        self.vary = vary
        self.canvas = (settings.height, settings.width)
        self._partners = _partners(shards.entries, settings.reach)
        self._twins = _twins(shards.entries)

    def __len__(self) -> int:
        return len(self.shards)

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One pair.

        Returns:
            `parsing` (H, W) uint8: p^M*, the person; `stick` (3, H, W): P^S of the other pose;
            `dense` (3, H, W): P^D of it; `truth` (H, W) uint8: the parsing in that pose.
        """
        partners = self._partners[index]
        other = partners[int(random.integers(len(partners)))]
        a, b = self.shards[other], self.shards[index]
        pose = self._pose(index, b, random)
        if self.vary and other == index and random.random() < self.settings.mirror_alone:
            a = mirrored(a)
        flip = self.vary and random.random() < 0.5
        if flip:
            a, b, pose = mirrored(a), mirrored(b), mirrored(pose)
        ranges = self._ranges()
        a = seen(a, random_affine(a.canvas, self.canvas, ranges, random))
        view = random_affine(b.canvas, self.canvas, ranges, random)
        b, pose = seen(b, view), seen(pose, view)
        before, after = self._parsing(a), self._parsing(b)
        if self.vary and self.settings.squeeze > 1:
            factor = float(np.exp(random.uniform(-1, 1) * np.log(self.settings.squeeze)))
            before = squeezed(before, factor, _middle(a))
            after = squeezed(after, factor, _middle(b))
        skeleton = _jittered(pose.skeleton, self.settings.jitter * self.canvas[0], random)
        return {
            "parsing": before.labels[0],
            "truth": after.labels[0],
            "stick": stick_figure(
                skeleton if self.vary else pose.skeleton, self.canvas, hands=self.options.hands
            )[0],
            "dense": torch.zeros(3, *self.canvas) if pose.dense is None else pose.dense.image[0],
        }

    def _pose(self, index: int, own: Example, random: np.random.Generator) -> Example:
        """Whose pose is given: the person's own, or another body's in the same pose."""
        twins = self._twins[index]
        if not self.vary or not twins or random.random() >= self.settings.other_body:
            return own
        return laid_over(self.shards[twins[int(random.integers(len(twins)))]], own)

    def _ranges(self) -> AffineRanges:
        if not self.vary:
            return AffineRanges()
        return AffineRanges(self.settings.turn, self.settings.scale, self.settings.shift)

    def _parsing(self, example: Example) -> Parsing:
        if not self.options.hands:
            return without_hands(example.parsing)
        return Parsing(draw_hands(example.parsing.labels, example.skeleton.hands))


def laid_over(example: Example, over: Example) -> Example:
    """An example scaled and shifted so that its joints lie on another's as well as they can."""
    a, b = (e.skeleton.body[0, list(BODY)].double().numpy() for e in (example, over))
    both = (a[:, 2] > 0) & (b[:, 2] > 0)
    if both.sum() < 3:
        return over
    a, b = a[both, :2], b[both, :2]
    from_mean, to_mean = a - a.mean(0), b - b.mean(0)
    scale = float(np.sqrt((to_mean**2).sum() / max((from_mean**2).sum(), 1e-9)))
    offset = b.mean(0) - scale * a.mean(0)
    matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    return seen(example, AffineTransform(matrix, over.canvas))


def _partners(entries: list[ExampleInfo], reach: int) -> list[list[int]]:
    """For each example those of the same person at most `reach` frames away, itself only where
    there is no other."""
    takes = defaultdict(list)
    for index, entry in enumerate(entries):
        takes[entry.person, entry.source].append(index)
    partners = []
    for index, entry in enumerate(entries):
        near = [
            other
            for other in takes[entry.person, entry.source]
            if other != index and abs(entries[other].frame - entry.frame) <= reach
        ]
        partners.append(near or [index])
    return partners


def _twins(entries: list[ExampleInfo]) -> list[list[int]]:
    """For each example the other people in the same pose."""
    poses = defaultdict(list)
    for index, entry in enumerate(entries):
        if entry.pose:
            poses[entry.pose].append(index)
    return [
        [other for other in poses.get(entry.pose, ()) if entries[other].person != entry.person]
        for entry in entries
    ]


def _middle(example: Example) -> float:
    """Where the person's middle is: what squeezing leaves in its place."""
    body = example.skeleton.body[0]
    known = body[:, 2] > 0
    if bool(known.any()):
        return float(body[known, 0].mean())
    return (example.canvas[1] - 1) / 2


def _jittered(skeleton: Skeleton, pixels: float, random: np.random.Generator) -> Skeleton:
    """Key points a little off, each by itself; fingers and face less."""
    if pixels == 0:
        return skeleton

    def moved(points: Tensor, share: float) -> Tensor:
        noise = random.normal(0, pixels * share, (*points.shape[:-1], 2))
        return torch.cat([points[..., :2] + torch.from_numpy(noise).float(), points[..., 2:]], -1)

    return replace(
        skeleton,
        body=moved(skeleton.body, 1.0),
        hands=moved(skeleton.hands, 0.3),
        face=moved(skeleton.face, 0.15),
    )
