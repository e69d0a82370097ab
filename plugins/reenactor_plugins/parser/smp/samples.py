"""Training samples of `smp`: people cropped as by the parser, and their classes."""

from collections.abc import Mapping
from math import cos, exp, log, radians, sin

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.labels import NUM_LABELS, Label
from reenactor.training import Example
from reenactor.training.shards import Shards
from reenactor_plugins.augmentation import mirrored
from reenactor_plugins.parser.label_sets import SIDES, numbers_of
from reenactor_plugins.parser.smp.options import SmpOptions
from reenactor_plugins.parser.smp.settings import SmpSettings
from reenactor_plugins.parser.square_parser import part_around, seen, to_square
from reenactor_plugins.parser.validation import IGNORED

_ARMS = {Label.LEFT_HAND: Label.LEFT_ARM, Label.RIGHT_HAND: Label.RIGHT_ARM}


class SmpSamples:
    """One cropped person per example, augmented for training."""

    def __init__(
        self, shards: Shards, settings: SmpSettings, options: SmpOptions, *, vary: bool
    ) -> None:
        self.shards = shards
        self.settings = settings
        self.options = options
        self.vary = vary
        self._channels = channels_of(options.names)

    def __len__(self) -> int:
        return len(self.shards)

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One person.

        Returns:
            `picture` (3, S, S) uint8; `truth` (S, S) uint8: channels of the network, or IGNORED.
        """
        example = self.shards[index]
        if self.vary and random.random() < 0.5:
            example = mirrored(example)
        picture, labels = person_of(example, whole=self.options.around == "picture")
        side = self.options.input
        matrix = to_square(labels.shape, side)
        if self.vary:
            matrix = varied(matrix, side, self.settings, random)
        square = seen(picture, matrix, side)
        truth = cv2.warpAffine(labels, matrix, (side, side), flags=cv2.INTER_NEAREST)
        if self.vary:
            square = coloured(square, self.settings.colour, random)
        return {
            "picture": torch.from_numpy(square).permute(2, 0, 1).contiguous(),
            "truth": torch.from_numpy(self._channels[truth]),
        }


def person_of(
    example: Example, *, whole: bool
) -> tuple[UInt8[np.ndarray, "H W 3"], UInt8[np.ndarray, "H W"]]:
    """The crop of the picture that the parser would use, and its labels."""
    picture, labels = example.image[0].numpy(), example.parsing.labels[0].numpy()
    part = part_around(example.skeleton.body[0].double().numpy(), labels.shape)
    if whole or part is None:
        return picture, labels
    return picture[part], labels[part]


def channels_of(names: tuple[str, ...]) -> UInt8[np.ndarray, " 256"]:
    """The network's channel for each of our classes; IGNORED if there is none.

    A class with several channels (ATR's `pants` are pants and belts) uses the first. Hands become
    arms if they have no channel; sides are merged if channels have none.
    """
    numbers = numbers_of(names)
    table = np.full(256, IGNORED, np.uint8)
    for channel, number in reversed(list(enumerate(numbers))):
        for label in (number, *SIDES.get(number, ())):
            table[label] = channel
    for hand, arm in _ARMS.items():
        if hand not in numbers:
            table[hand] = table[arm]
    table[NUM_LABELS:] = IGNORED
    return table


def varied(
    matrix: Float[np.ndarray, "2 3"], side: int, settings: SmpSettings, random: np.random.Generator
) -> Float[np.ndarray, "2 3"]:
    """Apply a random rotation, scale and shift about the square's centre to a map."""
    angle = radians(random.uniform(-settings.turn, settings.turn))
    scale = exp(random.uniform(-1, 1) * log(settings.scale))
    shift = random.uniform(-settings.shift, settings.shift, 2) * side
    a, b = scale * cos(angle), scale * sin(angle)
    linear = np.array([[a, -b], [b, a]])
    middle = np.full(2, (side - 1) / 2)
    moved: np.ndarray = linear @ matrix
    moved[:, 2] += middle + shift - linear @ middle
    return moved


def coloured(
    picture: UInt8[np.ndarray, "S S 3"], most: float, random: np.random.Generator
) -> UInt8[np.ndarray, "S S 3"]:
    """Random brightness, contrast and colour gains. Black padding stays black."""
    gain = 1 + random.uniform(-most, most) + random.uniform(-most, most, 3) / 3
    bend = exp(random.uniform(-most, most))
    level = np.arange(256)[:, None] / 255
    table = np.clip(255 * gain * level**bend + 0.5, 0, 255).astype(np.uint8)
    varied: UInt8[np.ndarray, "S S 3"] = cv2.LUT(picture, table[None])
    return varied
