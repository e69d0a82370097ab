"""The checks of inpainters."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.roles import Component, HeldFootage, Inpainter
from reenactor.roles.contract import PIXELS, expect, sound
from reenactor.testing.check import Candidate, Check
from reenactor.testing.exercise import Exercise, Trial
from reenactor.testing.expect import Results, equal
from reenactor.testing.samples import frames_of, holes
from reenactor.values import Frames


def _inpainter(component: Component[Any]) -> Inpainter[Any, Any]:
    assert isinstance(component, Inpainter)
    return component


def _prepare(now: Trial) -> object:
    driver = now.given.driver
    return _inpainter(now.component).prepare(HeldFootage(driver.frames, holes(driver)))


def _inpaint(now: Trial, prepared: object, frames: Sequence[int]) -> Results:
    driver = now.given.driver
    hidden = holes(driver)[list(frames)]
    filled = _inpainter(now.component).inpaint(prepared, frames_of(driver, frames), hidden)
    return {"pixels": filled.pixels}


def _outside(candidate: Candidate) -> None:
    driver, hidden = candidate.samples.driver, holes(candidate.samples.driver)
    filled = _filled(candidate, driver.frames, hidden)
    changed = (filled.pixels != driver.frames.pixels).any(-1) & ~hidden
    expect(not changed.any(), "unchanged pixels outside the holes", f"{int(changed.sum())} did")
    expect(filled.index == driver.frames.index, f"the index {driver.frames.index}", filled.index)
    expect(filled.name == driver.frames.name, f"the name {driver.frames.name!r}", filled.name)


def _no_hole(candidate: Candidate) -> None:
    frames = candidate.samples.driver.frames
    filled = _filled(candidate, frames, torch.zeros(frames.pixels.shape[:3], dtype=torch.bool))
    changed = (filled.pixels != frames.pixels).any(-1)
    expect(not changed.any(), "frames without holes to be unchanged", f"{changed.sum()} changed")


def _all_hole(candidate: Candidate) -> None:
    frames = candidate.samples.driver.frames
    filled = _filled(candidate, frames, torch.ones(frames.pixels.shape[:3], dtype=torch.bool))
    sound("pixels", filled.pixels, PIXELS, len(frames), frames.size)


def _blind(candidate: Candidate) -> None:
    """The content of holes, such as other people or noise, must not affect the result."""
    driver, hidden = candidate.samples.driver, holes(candidate.samples.driver)
    one = _filled(candidate, driver.frames, hidden)
    noise = torch.arange(hidden.numel(), dtype=torch.int64).mul(7919).remainder(256)
    cover = noise.to(torch.uint8).reshape(hidden.shape)[..., None].expand_as(driver.frames.pixels)
    pixels = torch.where(hidden[..., None], cover, driver.frames.pixels)
    other = _filled(candidate, replace(driver.frames, pixels=pixels), hidden)
    results = {"pixels": one.pixels}, {"pixels": other.pixels}
    equal("the content of the holes", *results, {"pixels": PIXELS}, exact=False)


def _photo(candidate: Candidate) -> None:
    drawn = candidate.samples.driver
    first = frames_of(drawn, [0])
    hidden = holes(drawn)[:1]
    filled = _filled(candidate, first, hidden)
    sound("pixels", filled.pixels, PIXELS, 1, first.size)
    changed = (filled.pixels != first.pixels).any(-1)
    expect(not (changed & ~hidden).any(), "unchanged pixels outside the hole", "some did")
    expect(
        changed[hidden].double().mean() > 0.5,
        "the person to be removed",
        "most of them is still visible",
    )


def _grown(candidate: Candidate) -> None:
    """Holes may grow, but contain the given ones."""
    driver, hidden = candidate.samples.driver, holes(candidate.samples.driver)
    inpainter = _inpainter(candidate.component)
    prepared = inpainter.prepare(HeldFootage(driver.frames, hidden))
    grown = inpainter.grown(prepared, driver.frames, hidden.clone())
    expect(grown.shape == hidden.shape, f"holes of shape {tuple(hidden.shape)}", grown.shape)
    expect(grown.dtype == hidden.dtype, f"holes of type {hidden.dtype}", grown.dtype)
    lost = int((hidden & ~grown).sum())
    expect(lost == 0, "holes that contain the given ones", f"{lost} pixels were lost")


def _filled(candidate: Candidate, frames: Frames, hidden: Bool[Tensor, "T H W"]) -> Frames:
    inpainter = _inpainter(candidate.component)
    return inpainter.inpaint(inpainter.prepare(HeldFootage(frames, hidden)), frames, hidden)


CHECKS: tuple[Check, ...] = (
    *Exercise(_prepare, _inpaint, {"pixels": PIXELS}, canvas=False).checks(),
    Check("outside", "only pixels inside the holes change", _outside),
    Check("no hole", "frames without holes are unchanged", _no_hole),
    Check("all hole", "a picture that is entirely a hole is filled", _all_hole),
    Check("blind", "the content of the holes makes no difference", _blind),
    Check("grown", "holes that grow contain the given ones", _grown),
    Check("photo", "a single picture can be filled", _photo),
)
