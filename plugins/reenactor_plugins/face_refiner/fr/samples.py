"""What FR learns from: a face as it is rendered, the person's face elsewhere, and as it is."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, cos, exp, log, radians, sin

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.errors import InputError
from reenactor.training import Example
from reenactor.training.shards import Shards
from reenactor_plugins.augmentation import random_colour_jitter, recoloured
from reenactor_plugins.face_refiner.fr.alignment import TEMPLATE, align, between_eyes
from reenactor_plugins.face_refiner.fr.settings import FRSettings
from reenactor_plugins.networks.sampling import sampled

Render = Callable[[Example, Example], Float[Tensor, "1 3 H W"]]
"""The person of the second example in the pose of the first, over the first's background."""

ROOM = 0.3
"""Of a crop's side, kept around it for turned and shifted views."""
STEP = 16
"""Pixels of which a canvas is made multiples."""
NOISE = 0.02
"""Standard deviation of the noise on a face that is made worse, where it is worst."""


@dataclass(frozen=True)
class FacePatch:
    """A part of a picture, and where crop coordinates lie in it."""

    pixels: UInt8[Tensor, "1 3 h w"]
    to_patch: Float[Tensor, "1 2 3"]


class Faces:
    """One face: rendered (or made worse), the person's own elsewhere, and the truth.

    Only examples in which a face is seen, large enough, count; all are opened once to find them.
    What was rendered is kept, so that each face is rendered once.
    """

    def __init__(
        self,
        shards: Shards,
        settings: FRSettings,
        crop: int,
        render: Render | None,
        *,
        vary: bool,
    ) -> None:
        self.shards = shards
        self.settings = settings
        self.crop = crop
        self.render = render
        self.vary = vary
        self.seen = [i for i in range(len(shards)) if self._has_face(shards[i])]
        self._others = self._of_the_same_person()
        self._rendered: dict[int, FacePatch] = {}

    def __len__(self) -> int:
        return len(self.seen)

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One face.

        Returns:
            `before`, `identity`, `truth`: c^0, c_I and what c should be, (3, S, S) in [0, 1].
        """
        place = self.seen[index]
        own = self.shards[place]
        view = self._view(random)
        truth = self._cut(face_patch(own, own.image, self.crop), view)
        if self.render is None:
            before = worse(truth, self.settings.blur, random)
        else:
            before = self._cut(self._frame(place, own), view)
        identity = self._identity(place, own, random)
        if self.vary and random.random() < 0.5:
            before, truth = before.flip(-1), truth.flip(-1)
        crops = {"before": before, "identity": identity, "truth": truth}
        if not self.vary or self.settings.colour == 0:
            return crops
        table = torch.from_numpy(random_colour_jitter(self.settings.colour, 0.0, random).table)
        return {key: recoloured(table, crop) for key, crop in crops.items()}

    def require_some(self) -> None:
        """Raises:
        InputError: no example shows a face that is large enough; it says on how large a canvas
            the largest one would be.
        """
        if self.seen:
            return
        smallest = self.settings.smallest
        found = [
            (between_eyes(example.skeleton.face), example.image.shape[1:3])
            for example in (self.shards[i] for i in range(len(self.shards)))
        ]
        eyes, size = max(found, key=lambda one: one[0], default=(0.0, (0, 0)))
        if eyes == 0:
            raise InputError(
                "there is nothing to train on: no example shows a face",
                given=f"{len(found)} examples",
                expected="people whose eyes, nose and mouth are seen",
            )
        height, width = (ceil(side * smallest / eyes / STEP) * STEP for side in size)
        raise InputError(
            "there is nothing to train on: every face is too small",
            given=f"{len(found)} examples on a canvas of {size[0]}x{size[1]} pixels, in the best "
            f"{eyes:.1f} pixels between the eyes",
            expected=f"at least {smallest:g} pixels (training.smallest), which here takes a canvas "
            f"of {height}x{width} or larger",
            advice=f"prepare the material anew: reenactor prepare … --height {height} --width "
            f"{width}",
        )

    def _identity(
        self, place: int, own: Example, random: np.random.Generator
    ) -> Float[Tensor, "3 S S"]:
        others = self._others[place]
        other = own
        if others and random.random() < self.settings.other_frame:
            other = self.shards[others[int(random.integers(len(others)))]]
        crop = self._cut(face_patch(other, other.image, self.crop), self._view(random))
        return crop.flip(-1) if self.vary and random.random() < 0.5 else crop

    def _frame(self, place: int, own: Example) -> FacePatch:
        """The face as it is rendered from another picture of the person, if there is one."""
        if place not in self._rendered:
            if self.render is None:
                raise RuntimeError("there is no renderer")
            others = self._others[place]
            choice = np.random.default_rng([self.settings.seed, 3, place])
            source = self.shards[others[int(choice.integers(len(others)))]] if others else own
            frame = self.render(own, source)
            pixels = (frame * 255).round().to(torch.uint8).permute(0, 2, 3, 1)
            self._rendered[place] = face_patch(own, pixels, self.crop)
        return self._rendered[place]

    def _cut(self, patch: FacePatch, view: Float[Tensor, "3 3"]) -> Float[Tensor, "3 S S"]:
        picture = patch.pixels.float() / 255
        return sampled(picture, patch.to_patch @ view, (self.crop, self.crop))[0]

    def _view(self, random: np.random.Generator) -> Float[Tensor, "3 3"]:
        """A crop a little turned, scaled and shifted: alignment is never exact."""
        if not self.vary:
            return torch.eye(3)
        s = self.settings
        angle = radians(random.uniform(-s.turn, s.turn))
        scale = exp(random.uniform(-1, 1) * log(s.scale))
        a, b = scale * cos(angle), scale * sin(angle)
        middle = (self.crop - 1) / 2
        x, y = middle + random.uniform(-s.shift, s.shift, 2) * self.crop
        return torch.tensor(
            [[a, -b, x - a * middle + b * middle], [b, a, y - b * middle - a * middle], [0, 0, 1]]
        ).float()

    def _has_face(self, example: Example) -> bool:
        where = align(example.skeleton.face, self.crop)
        scale = float(where.to_picture[0, :, 0].norm())
        eyes = (TEMPLATE[1][0] - TEMPLATE[0][0]) * self.crop * scale
        return bool(where.seen[0]) and eyes >= self.settings.smallest

    def _of_the_same_person(self) -> dict[int, list[int]]:
        """For each example the others that show that person's face."""
        people = defaultdict(list)
        for place in self.seen:
            people[self.shards.entries[place].person].append(place)
        return {
            place: [o for o in people[self.shards.entries[place].person] if o != place]
            for place in self.seen
        }


def face_patch(example: Example, picture: UInt8[Tensor, "1 H W 3"], crop: int) -> FacePatch:
    """What a face's crop shows of a picture, with room around it."""
    to_picture = align(example.skeleton.face, crop).to_picture
    low, high = -ROOM * crop, (1 + ROOM) * crop
    corners = torch.tensor([[low, low, 1], [high, low, 1], [low, high, 1], [high, high, 1]])
    there = corners @ to_picture[0].T
    height, width = picture.shape[1:3]
    x0, y0 = (int(v.clamp(min=0)) for v in there.amin(0).floor())
    x1, y1 = (int(v) + 2 for v in there.amax(0).ceil())
    x0, y0 = min(x0, width - 1), min(y0, height - 1)
    pixels = picture[:, y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].permute(0, 3, 1, 2)
    moved = to_picture.clone()
    moved[0, :, 2] -= torch.tensor([float(x0), float(y0)])
    return FacePatch(pixels.contiguous(), moved)


def worse(
    truth: Float[Tensor, "3 S S"], blur: float, random: np.random.Generator
) -> Float[Tensor, "3 S S"]:
    """A face as a renderer that knows little might draw it: without fine detail, in colours that
    are a little wrong, with some noise."""
    size = truth.shape[-1]
    amount = float(random.uniform(0.25, 1))
    small = max(8, round(size / blur**amount))
    picture = truth.permute(1, 2, 0).numpy()
    less = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
    back = cv2.resize(less, (size, size), interpolation=cv2.INTER_LINEAR)
    coarse = cv2.GaussianBlur(back, (0, 0), max(0.3, size / 160 * amount))
    gains = np.exp(random.uniform(-0.1, 0.1, 3) * amount)
    noise = cv2.resize(random.normal(0, NOISE * amount, (small, small, 3)), (size, size))
    changed = (coarse * gains + noise).clip(0, 1).astype(np.float32)
    return torch.from_numpy(changed).permute(2, 0, 1).contiguous()
