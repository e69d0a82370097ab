"""What a role does with frames, and the checks that follow from it alone.

A role whose frames do not depend on one another gives the same for a frame whatever else is in
the batch, and whatever was done before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from reenactor.catalog.guard import tensors
from reenactor.manifest import Facet
from reenactor.roles import Component
from reenactor.roles.contract import TensorSpec, expect, sound
from reenactor.testing.check import Candidate, Check
from reenactor.testing.expect import Results, equal, stacked
from reenactor.testing.samples import CANVAS, SampleInputs, samples

OTHER_SIZES = ((61, 47), (90, 201))
"""Heights and widths of frames; real ones are of any size."""


@dataclass(frozen=True)
class Trial:
    """What is played: a component and the samples that it is given."""

    candidate: Candidate
    component: Component[Any]
    given: SampleInputs

    def needs(self, facet: Facet) -> bool:
        """Whether the component asked for a facet, or fits any body that there is."""
        info = self.candidate.info
        return facet in info.needs or (facet is Facet.BODY and bool(info.own_body))


@dataclass(frozen=True)
class Exercise:
    """How a role is put to work, and what must come of it.

    Attributes:
        prepare: has the component prepare itself for the samples.
        work: has it do its work on some of their frames.
        wants: what each result must be.
        canvas: whether it works on the canvas (or on frames of any size).
        facets: which of a component's facets this is about.
    """

    prepare: Callable[[Trial], Any]
    work: Callable[[Trial, Any, Sequence[int]], Results]
    wants: Mapping[str, TensorSpec]
    canvas: bool
    facets: frozenset[Facet] = frozenset()

    def checks(self) -> tuple[Check, ...]:
        """The checks that hold for every role."""
        named = (
            ("inputs", "what it is given stays as it was", _inputs),
            ("result", "shapes, types and ranges are those of the role", _result),
            ("sizes", "pictures of other sizes, odd ones too, are no matter", _sizes),
            ("repeats", "the same again gives the same, from a fresh component too", _repeats),
            ("batch", "many frames at once are as one by one", _batch),
            ("order", "a frame does not depend on its neighbours in a batch", _order),
            ("device", "another device gives the same, on the CPU", _device),
        )
        return tuple(
            Check(name, says, partial(run, self), self.facets) for name, says, run in named
        )

    def size(self, given: SampleInputs) -> tuple[int, int]:
        """Height and width of what it works on."""
        return given.pose.canvas if self.canvas else given.driver.frames.size


def everything(given: SampleInputs) -> range:
    """The samples' frames."""
    return range(len(given.driver.frames))


def scene(candidate: Candidate) -> Trial:
    """The candidate's component and its samples."""
    return Trial(candidate, candidate.component, candidate.samples)


def _first(act: Exercise, candidate: Candidate) -> tuple[Any, Results]:
    """What the component prepared and gave when first asked for all frames; asked once."""
    key = str(sorted(act.wants))
    if key not in candidate.memory:
        now = scene(candidate)
        prepared = act.prepare(now)
        candidate.memory[key] = prepared, act.work(now, prepared, everything(now.given))
    prepared, results = candidate.memory[key]
    return prepared, results


def _result(act: Exercise, candidate: Candidate) -> None:
    _looks_right(act, _first(act, candidate)[1], candidate.samples)


def _looks_right(act: Exercise, results: Results, given: SampleInputs) -> None:
    for name, want in act.wants.items():
        sound(name, results[name], want, len(everything(given)), act.size(given))


def _sizes(act: Exercise, candidate: Candidate) -> None:
    height, width = CANVAS
    others = (
        [samples(1, canvas=(height - 64, width - 32))]
        if act.canvas
        else [samples(1, size=size) for size in OTHER_SIZES]
    )
    for given in others:
        now = Trial(candidate, candidate.component, given)
        _looks_right(act, act.work(now, act.prepare(now), everything(given)), given)


def _repeats(act: Exercise, candidate: Candidate) -> None:
    prepared, first = _first(act, candidate)
    again = act.work(scene(candidate), prepared, everything(candidate.samples))
    equal("doing the same again", first, again, act.wants, exact=True)
    fresh = _anew(act, candidate, candidate.make())
    equal("making the component again", first, fresh, act.wants, exact=True)


def _anew(act: Exercise, candidate: Candidate, component: Component[Any]) -> Results:
    now = Trial(candidate, component, candidate.samples)
    return act.work(now, act.prepare(now), everything(now.given))


def _batch(act: Exercise, candidate: Candidate) -> None:
    prepared, together = _first(act, candidate)
    now = scene(candidate)
    alone = stacked([act.work(now, prepared, [frame]) for frame in everything(now.given)])
    equal("the number of frames in a batch", together, alone, act.wants, exact=False)


def _order(act: Exercise, candidate: Candidate) -> None:
    if getattr(candidate.component, "history", 0):
        return  # it asked for the frames before
    prepared, forward = _first(act, candidate)
    backward = list(everything(candidate.samples))[::-1]
    results = act.work(scene(candidate), prepared, backward)
    turned = {name: value.flip(0) for name, value in results.items()}
    equal("the order of frames in a batch", forward, turned, act.wants, exact=False)


def _inputs(act: Exercise, candidate: Candidate) -> None:
    now = scene(candidate)
    before = [value.clone() for value in tensors(now.given)]
    act.work(now, act.prepare(now), everything(now.given))
    after = tensors(now.given)
    changed = [not torch.equal(old, new) for old, new in zip(before, after, strict=True)]
    for old, new in zip(before, after, strict=True):
        new.copy_(old)  # for the checks that come after this one
    expect(
        not any(changed),
        "the values it is given to stay as they are",
        f"{sum(changed)} of their tensors were written into",
    )


def _device(act: Exercise, candidate: Candidate) -> None:
    gpu = torch.cuda.is_available()
    other = candidate.make(torch.device("cuda" if gpu else "cpu", 0))
    results = _anew(act, candidate, other)
    _looks_right(act, results, candidate.samples)
    if not gpu:
        here = _first(act, candidate)[1]
        equal("the device", here, results, act.wants, exact=False)
