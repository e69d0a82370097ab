"""Whole videos and photos without their people."""

from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.manifest import Weight
from reenactor.roles import HeldFootage
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import dancing, room
from reenactor.testing.samples import holes
from reenactor.values import Frames
from reenactor_plugins.inpainter.median.background import Background
from reenactor_plugins.inpainter.median.component import FilledPhoto, MedianInpainter
from reenactor_plugins.inpainter.median.options import MedianOptions

SIZE = (240, 320)


def no_weights(weight: Weight) -> Path:
    raise AssertionError(weight.name)


def median(**options: float) -> MedianInpainter:
    return MedianInpainter(MedianOptions(**options), Runtime(weight=no_weights))


def walking(length: int = 8) -> tuple[Frames, torch.Tensor]:
    """The drawn dancer walks through the room from left to right."""
    drawn = dancing(length, SIZE)
    hidden = holes(drawn)
    behind = torch.from_numpy(room(SIZE))
    pixels, moved = [], []
    for t in range(length):
        shift = -100 + 200 * t // (length - 1)
        hole = hidden[t].roll(shift, 1)
        pixels.append(torch.where(hole[..., None], drawn.frames.pixels[t].roll(shift, 1), behind))
        moved.append(hole)
    return Frames(torch.stack(pixels), drawn.frames.index, "walk"), torch.stack(moved)


def off(filled: Frames, truth: torch.Tensor, holes: torch.Tensor) -> float:
    """How far holes are from what is behind them, on average."""
    return float((filled.pixels.int() - truth.int()).abs().float().mean(-1)[holes].mean())


ROOM = torch.from_numpy(room(SIZE))


def test_a_dancer_vanishes_from_a_still_room() -> None:
    frames, hidden = walking()
    inpainter = median()
    filled = inpainter.inpaint(inpainter.prepare(HeldFootage(frames, hidden)), frames, hidden)
    assert torch.equal(filled.pixels[~hidden], frames.pixels[~hidden])
    assert off(filled, ROOM, hidden) < 0.5
    assert filled.index == frames.index


def test_a_brighter_frame_is_filled_as_bright() -> None:
    frames, hidden = walking()
    inpainter = median()
    prepared = inpainter.prepare(HeldFootage(frames, hidden))
    bright = Frames((frames.pixels[:1].int() + 25).clamp(max=255).byte(), (0,), "walk")
    filled = inpainter.inpaint(prepared, bright, hidden[:1])
    assert off(filled, ROOM.int() + 25, hidden[:1]) < 2


def test_a_frame_that_was_not_prepared_is_filled_from_itself() -> None:
    frames, hidden = walking()
    inpainter = median()
    prepared = inpainter.prepare(HeldFootage(frames, hidden))
    x = torch.arange(SIZE[1])[None, None, :, None]
    elsewhere = (40 + 150 * (x // 80 % 2)).expand_as(frames.pixels[:1]).byte()
    filled = inpainter.inpaint(prepared, Frames(elsewhere, (99,), "walk"), hidden[:1])
    assert off(filled, elsewhere[0], hidden[:1]) < 20
    assert off(filled, ROOM, hidden[:1]) > 40


@pytest.mark.parametrize("moving", [True, False])
def test_a_camera_that_shakes(moving: bool) -> None:
    random = np.random.default_rng(0)
    frames, hidden = walking()
    shifts = [(0, 0), *random.integers(-9, 10, (len(frames) - 1, 2)).tolist()]
    around = torch.from_numpy(random.integers(0, 60, (300, 380)).repeat(4, 0).repeat(4, 1))
    scene = (ROOM.int() + around[: SIZE[0], : SIZE[1], None] - 30).clamp(0, 255).byte()
    pixels, holes_, truth = [], [], []
    for t, (y, x) in enumerate(shifts):
        picture = torch.where(hidden[t][..., None], frames.pixels[t], scene)
        cut = slice(20 + y, 220 + y), slice(20 + x, 300 + x)
        pixels.append(picture[cut])
        holes_.append(hidden[t][cut])
        truth.append(scene[cut])
    shaken = Frames(torch.stack(pixels), frames.index, "shake")
    gaps = torch.stack(holes_)
    inpainter = median(moving=moving)
    filled = inpainter.inpaint(inpainter.prepare(HeldFootage(shaken, gaps)), shaken, gaps)
    assert torch.equal(filled.pixels[~gaps], shaken.pixels[~gaps])
    error = off(filled, torch.stack(truth), gaps)
    assert error < 4 if moving else error > 6


def test_a_photo_is_filled_once_and_in_the_same_way_later() -> None:
    drawn = dancing(2, SIZE)
    hidden = holes(drawn)
    first = drawn.frames[:1]
    inpainter = median()
    prepared = inpainter.prepare(HeldFootage(first, hidden[:1]))
    filled = inpainter.inpaint(prepared, first, hidden[:1])
    assert isinstance(prepared, FilledPhoto)
    assert np.array_equal(filled.pixels[0].numpy(), prepared.filled)
    assert off(filled, ROOM, hidden[:1]) < 12
    other = inpainter.inpaint(prepared, drawn.frames[1:], hidden[1:])
    assert torch.equal(other.pixels[~hidden[1:]], drawn.frames.pixels[1:][~hidden[1:]])
    assert off(other, ROOM, hidden[1:]) < 12


def test_at_most_as_many_samples_as_asked_for() -> None:
    frames, hidden = walking()
    few = median(samples=2).prepare(HeldFootage(frames, hidden))
    many = median(samples=8).prepare(HeldFootage(frames, hidden))
    assert isinstance(few, Background)
    assert isinstance(many, Background)
    assert few.plates[0].seen.sum() <= many.plates[0].seen.sum()


def test_frames_without_holes_come_back() -> None:
    frames, hidden = walking()
    inpainter = median()
    prepared = inpainter.prepare(HeldFootage(frames, hidden))
    filled = inpainter.inpaint(prepared, frames, torch.zeros_like(hidden))
    assert torch.equal(filled.pixels, frames.pixels)
    assert len(inpainter.inpaint(prepared, frames[:0], hidden[:0])) == 0
