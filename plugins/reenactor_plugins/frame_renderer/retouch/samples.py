"""What `retouch` learns from: the puppet's picture of somebody beside the true one.

The puppet is made of another picture of the person, where there is one. Photos show people only
once; they are first moved into somebody else's pose, by the puppet, and the puppet of what comes
out is moved back.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor

from reenactor.labels import MIRRORED, PART_GROUPS
from reenactor.ops.hand_labels import draw_hands
from reenactor.ops.retarget import retarget
from reenactor.training import Example
from reenactor.training.given import motion_of, target_of
from reenactor.training.shards import Shards
from reenactor.values import Parsing, Pose
from reenactor_plugins.augmentation import (
    AffineRanges,
    random_affine,
    random_colour_jitter,
    recoloured,
)
from reenactor_plugins.frame_renderer.retouch.settings import RetouchSettings
from reenactor_plugins.puppet.drawing import drawn, prepared
from reenactor_plugins.puppet.fit import flat_colours
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.sprite import paint_labels

GREY = 0.5
"""What surrounds somebody who was moved."""
HEAD = PART_GROUPS["face"]
COARSE = 16
"""Pixels between places whose light and sliding are drawn independently."""


@dataclass(frozen=True)
class PuppetRendering:
    """A person as the puppet draws them (premultiplied), in flat colours, and as they are."""

    rgba: UInt8[np.ndarray, "H W 4"]
    flat: UInt8[np.ndarray, "H W 3"]
    truth: UInt8[np.ndarray, "H W 3"]
    labels: UInt8[np.ndarray, "H W"]

    def shrunk(self, size: tuple[int, int]) -> "PuppetRendering":
        """At the height and width that is trained on."""
        rgba, flat, truth = (
            np.asarray(cv2.resize(p, size[::-1], interpolation=cv2.INTER_AREA))
            for p in (self.rgba, self.flat, self.truth)
        )
        nearest = cv2.resize(self.labels, size[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
        return PuppetRendering(rgba, flat, truth, np.asarray(nearest))


class Redrawn:
    """One person in one pose. What the puppet draws is kept, so that it draws each once."""

    def __init__(
        self, shards: Shards, settings: RetouchSettings, options: PuppetOptions, *, vary: bool
    ) -> None:
        self.shards = shards
        self.settings = settings
        self.options = options
        self.vary = vary
        self.drawn: dict[int, PuppetRendering] = {}
        self._others = defaultdict(list)
        for index, entry in enumerate(shards.entries):
            self._others[entry.person].append(index)

    def __len__(self) -> int:
        return len(self.shards)

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One person.

        Returns:
            `rgba` (4, H, W), `flat` and `truth` (3, H, W) in [0, 1], `labels` (H, W) uint8.
        """
        if index not in self.drawn:
            self.drawn[index] = self._draw(index)
        whole = self.drawn[index]
        rgba, flat, truth, labels = whole.rgba, whole.flat, whole.truth, whole.labels
        if self.vary:
            s, size = self.settings, labels.shape
            view = random_affine(size, size, AffineRanges(s.turn, s.scale, s.shift), random).matrix
            rgba, flat, truth = (cv2.warpAffine(p, view, size[::-1]) for p in (rgba, flat, truth))
            labels = cv2.warpAffine(labels, view, size[::-1], flags=cv2.INTER_NEAREST)
        rgba, flat, truth = (p.astype(np.float32) / 255 for p in (rgba, flat, truth))
        if self.vary:
            rgba, flat, truth = self._varied(rgba, flat, truth, labels, random)
        pictures = {"rgba": rgba, "flat": flat, "truth": truth}
        if self.vary and random.random() < 0.5:
            pictures = {key: picture[:, ::-1] for key, picture in pictures.items()}
            labels = np.array(MIRRORED, np.uint8)[labels[:, ::-1]]
        out = {k: torch.from_numpy(p.transpose(2, 0, 1).copy()) for k, p in pictures.items()}
        return {**out, "labels": torch.from_numpy(labels.copy())}

    def _varied(
        self,
        rgba: np.ndarray,
        flat: np.ndarray,
        truth: np.ndarray,
        labels: np.ndarray,
        random: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Other colours for all three; another light and a slide for the puppet's alone. Heads
        are firm and do not slide."""
        table = random_colour_jitter(self.settings.colour, 0.0, random).table
        alpha = rgba[..., 3:]
        colour = rgba[..., :3] / np.maximum(alpha, 1 / 255)
        colour, flat, truth = (_recoloured(table, p) for p in (colour, flat, truth))
        size = colour.shape[:2]
        light = np.exp(_field(size, 1, self.settings.light, random))
        colour = (colour * light).clip(0, 1)
        loose = cv2.blur((~np.isin(labels, HEAD)).astype(np.float32), (5, 5))[..., None]
        slide = _field(size, 2, self.settings.slide, random) * loose
        y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
        at = x + slide[..., 0], y + slide[..., 1]
        colour = cv2.remap(colour, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.concatenate([colour * alpha, alpha], -1), flat, truth

    def _draw(self, index: int) -> PuppetRendering:
        own = self.shards[index]
        random = np.random.default_rng([self.settings.seed, 3, index])
        others = [o for o in self._others[own.entry.person] if o != index]
        if others:
            source = self.shards[others[int(random.integers(len(others)))]]
        else:
            source = self._moved(own, self.shards[int(random.integers(len(self.shards)))])
        body = Parsing(draw_hands(own.parsing.labels, own.skeleton.hands))
        doll = prepared(self.options, target_of(source), motion_of([own]))
        stamps = doll.posed(_pose(own))
        rgba = drawn(doll.clothes, stamps, own.canvas, body)[0]
        labels = body.labels[0].numpy()
        flat = flat_colours(doll.clothes, labels)
        whole = PuppetRendering(_bytes(rgba), _bytes(flat), own.image[0].numpy(), labels)
        return whole.shrunk((self.settings.height, self.settings.width))

    def _moved(self, own: Example, other: Example) -> Example:
        """Somebody in somebody else's pose, as far as the puppet can; else as they were."""
        there = replace(other, skeleton=retarget(other.skeleton, own.skeleton), dense=None)
        doll = prepared(self.options, target_of(own), motion_of([there]))
        stamps = doll.posed(_pose(there))
        labels = paint_labels(stamps[0], other.canvas)
        if not labels.any():
            return own
        rgba = drawn(doll.clothes, stamps, other.canvas, None)[0]
        image = _bytes(rgba[..., :3] + GREY * (1 - rgba[..., 3:]))
        parsing = Parsing(torch.from_numpy(labels)[None])
        return replace(there, image=torch.from_numpy(image)[None], parsing=parsing)


def _pose(example: Example) -> Pose:
    return Pose(example.skeleton, example.dense, (0,), example.canvas)


def _bytes(picture: np.ndarray) -> np.ndarray:
    return (picture.clip(0, 1) * 255).round().astype(np.uint8)


def _recoloured(table: np.ndarray, picture: np.ndarray) -> np.ndarray:
    channels = torch.from_numpy(picture.transpose(2, 0, 1))
    return np.ascontiguousarray(recoloured(torch.from_numpy(table), channels).permute(1, 2, 0))


def _field(
    size: tuple[int, int], channels: int, deviation: float, random: np.random.Generator
) -> Float32[np.ndarray, "H W C"]:
    """Smooth noise."""
    coarse = random.normal(0, deviation, (size[0] // COARSE + 2, size[1] // COARSE + 2, channels))
    whole = cv2.resize(coarse.astype(np.float32), size[::-1], interpolation=cv2.INTER_CUBIC)
    return whole.reshape(*size, channels)
