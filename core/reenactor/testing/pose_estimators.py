"""The checks of pose estimators: of key points, and of dense poses."""

from collections.abc import Sequence
from typing import Any

import torch

from reenactor.catalog.guard import tensors
from reenactor.manifest import Facet
from reenactor.roles import Component, DenseEstimator, SkeletonEstimator
from reenactor.roles.contract import PART, UV, estimated, expect
from reenactor.testing.check import Candidate, Check
from reenactor.testing.exercise import OTHER_SIZES, Exercise, Trial
from reenactor.testing.expect import Results
from reenactor.testing.samples import SampleInputs, blank_frames, frames_of, samples
from reenactor.values import People

SEES_PEOPLE = frozenset({Facet.SKELETON, Facet.WORLD, Facet.MASK})

NEAR = 0.1
"""The tolerance in pixels for key points computed in a different batch."""


def _dense(now: Trial, prepared: None, frames: Sequence[int]) -> Results:
    del prepared
    assert isinstance(now.component, DenseEstimator)
    shown, at = now.given.on_canvas, torch.tensor(list(frames), dtype=torch.long)
    found = now.component.dense(frames_of(shown, frames), shown.skeleton[at])
    return {"part": found.part, "uv": found.uv}


def _estimator(component: Component[Any]) -> SkeletonEstimator[Any]:
    assert isinstance(component, SkeletonEstimator)
    return component


def _people(candidate: Candidate) -> None:
    _sees(candidate, candidate.samples)


def _sizes(candidate: Candidate) -> None:
    for size in OTHER_SIZES:
        _sees(candidate, samples(2, size=size))


def _sees(candidate: Candidate, given: SampleInputs) -> None:
    frames, provides = given.driver.frames, candidate.info.provides
    found = _estimator(candidate.component).estimate(frames)
    estimated(found, frames)
    for people in found:
        if Facet.WORLD in provides and len(people):
            world = people.skeleton.world
            expect(world is not None, "`world`, which the manifest declares", None)
        if Facet.MASK in provides and len(people):
            expect(people.mask is not None, "`mask`, which the manifest declares", None)


def _repeats(candidate: Candidate) -> None:
    frames = candidate.samples.driver.frames
    first = _estimator(candidate.component).estimate(frames)
    _alike("repeating the call", first, _estimator(candidate.component).estimate(frames), 0.0)
    fresh = _estimator(candidate.make()).estimate(frames)
    _alike("constructing the component again", first, fresh, 0.0)


def _before(candidate: Candidate) -> None:
    estimator, driver = _estimator(candidate.component), candidate.samples.driver
    together = estimator.estimate(driver.frames)
    alone: list[People] = []
    for frame in range(len(driver.frames)):
        before = alone[-1] if alone else None
        alone += estimator.estimate(frames_of(driver, [frame]), before)
    _alike("the number of frames in a batch", together, tuple(alone), NEAR)
    middle = len(driver.frames) // 2
    first = estimator.estimate(driver.frames[:middle])
    rest = estimator.estimate(driver.frames[middle:], first[-1] if first else None)
    _alike("where frames are split", together, (*first, *rest), NEAR)


def _alike(what: str, one: tuple[People, ...], other: tuple[People, ...], near: float) -> None:
    counts = [len(people) for people in one], [len(people) for people in other]
    expect(
        counts[0] == counts[1], f"{what} gives the same number of people: {counts[0]}", counts[1]
    )
    for t, (first, second) in enumerate(zip(one, other, strict=True)):
        for a, b in zip(tensors(first), tensors(second), strict=True):
            apart = float((a - b).abs().max()) if a.numel() else 0.0
            expect(
                apart <= near,
                f"{what} makes no difference (of more than {near} pixels)",
                f"{apart:g} in frame {t}",
            )


def _nobody(candidate: Candidate) -> None:
    found = _estimator(candidate.component).estimate(blank_frames(2))
    given = [len(people) for people in found]
    expect(given == [0, 0], "nobody in two grey pictures: [0, 0]", given)


def _inputs(candidate: Candidate) -> None:
    pixels = candidate.samples.driver.frames.pixels
    before = pixels.clone()
    _estimator(candidate.component).estimate(candidate.samples.driver.frames)
    same = torch.equal(before, pixels)
    pixels.copy_(before)
    expect(same, "unmodified frames", "they were modified")


_SKELETON = (
    ("people, inputs", "inputs are not modified", _inputs),
    ("people", "shapes, types and ranges satisfy the role's contract", _people),
    ("people, sizes", "pictures of any size are accepted, including odd sizes", _sizes),
    ("people, repeats", "results are reproducible, also with a new instance", _repeats),
    (
        "people, before",
        "a batch gives the same results as single frames, each given the previous one",
        _before,
    ),
    ("people, nobody", "no one is found in a grey picture", _nobody),
)

CHECKS: tuple[Check, ...] = (
    *(Check(name, says, run, SEES_PEOPLE) for name, says, run in _SKELETON),
    *Exercise(
        lambda _: None,
        _dense,
        {"part": PART, "uv": UV},
        canvas=True,
        facets=frozenset({Facet.DENSE}),
    ).checks(),
)
