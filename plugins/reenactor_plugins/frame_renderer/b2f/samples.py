"""What B2F learns from: a person's parts, and the person's label map and picture."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from reenactor.ops.hand_labels import draw_hands
from reenactor.pipeline import method
from reenactor.training import Example, ExampleInfo
from reenactor.training.shards import Shards
from reenactor.values import Parsing
from reenactor_plugins.augmentation import (
    AffineRanges,
    ColourJitter,
    mirrored,
    painted,
    random_affine,
    random_colour_jitter,
    seen,
)
from reenactor_plugins.frame_renderer.b2f.colours import palettes
from reenactor_plugins.frame_renderer.b2f.label_map import numbered
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.parts import cropper
from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings

FACE_MARGIN = 0.3
"""Of the face's height, around its points, in what Eq. 18 sees."""


class Portraits:
    """One person: the parts t1 .. t5 of a picture, and the picture that is to come of them.

    Parts are cut from the picture itself, turned, mirrored and scaled by itself so that they do
    not tell where things are, or from another picture of the person. Validation examples are shown
    as it is.
    """

    def __init__(
        self,
        shards: Shards,
        settings: B2FSettings,
        options: B2FOptions,
        crop: int,
        *,
        vary: bool,
    ) -> None:
        self.shards = shards
        self.settings = settings
        self.options = options
        self.crop = crop
        self.vary = vary
        self.canvas = (settings.height, settings.width)
        self._others = _others(shards.entries)

    def __len__(self) -> int:
        return len(self.shards)

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One person.

        Returns:
            `crops` (5, 3, S, S) in [0, 1]: t1 .. t5; `palette` (27, 3): the colours of the classes
            there; `source` (3, H, W) uint8: whence they are
            cut; `labels` (H, W) uint8: P^M with the face's labels; `image` (3, H, W) uint8: x;
            `person` (1, H, W) in {0, 1}: P^D+; `face` (4,): the square of the face in pixels,
            all 0 where it is not seen.
        """
        own = self.shards[index]
        source = self._source(index, own, random)
        if self.vary and random.random() < 0.5:
            own, source = mirrored(own), mirrored(source)
        if self.vary and random.random() < self.settings.part_flip:
            source = mirrored(source)
        s = self.settings
        view = AffineRanges(s.turn, s.scale, s.shift) if self.vary else AffineRanges()
        part_view = (
            AffineRanges(s.part_turn, s.part_scale, s.part_shift) if self.vary else AffineRanges()
        )
        own = seen(own, random_affine(own.canvas, self.canvas, view, random))
        source = seen(source, random_affine(source.canvas, self.canvas, part_view, random))
        paint = random_colour_jitter(s.colour, s.recolour, random) if self.vary else None
        image, photo = (_picture(example, paint) for example in (own, source))
        l = cropper(self.options, self.crop)
        crops = method.parts(l, photo[None].float() / 255, source.parsing)
        body = Parsing(draw_hands(own.parsing.labels, own.skeleton.hands))
        labels = numbered(body, own.skeleton.face, self.options.hands, self.options.face_labels)
        there = Parsing(draw_hands(source.parsing.labels, source.skeleton.hands))
        named = numbered(there, source.skeleton.face, self.options.hands, self.options.face_labels)
        return {
            "crops": crops[0],
            "palette": palettes(photo[None].float() / 255, named)[0],
            "source": photo,
            "labels": labels[0],
            "image": image,
            "person": own.parsing.mask[0],
            "face": _face_square(own),
        }

    def _source(self, index: int, own: Example, random: np.random.Generator) -> Example:
        others = self._others[index]
        if not others or random.random() >= self.settings.other_frame:
            return own
        return self.shards[others[int(random.integers(len(others)))]]


def _picture(example: Example, paint: ColourJitter | None) -> UInt8[Tensor, "3 H W"]:
    """Channels first, in other colours where there is paint."""
    image = example.image if paint is None else painted(example.image, example.parsing, paint)
    return image[0].permute(2, 0, 1).contiguous()


def _others(entries: Sequence[ExampleInfo]) -> list[list[int]]:
    """For each example the other pictures of the person."""
    people = defaultdict(list)
    for index, entry in enumerate(entries):
        people[entry.person].append(index)
    return [[o for o in people[entry.person] if o != i] for i, entry in enumerate(entries)]


def _face_square(example: Example) -> Tensor:
    """A square around the face, hair included in part; zeros where it is not seen."""
    if example.face_box is None:
        return torch.zeros(4)
    x0, y0, x1, y1 = example.face_box[0].tolist()
    half = max(x1 - x0, y1 - y0) * (0.5 + FACE_MARGIN)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2 - FACE_MARGIN / 2 * (y1 - y0)
    return torch.tensor([x - half, y - half, x + half, y + half])
