"""Exercises a role with frames, and the checks that apply to every role.

If frames are independent, the result for a frame must not depend on the rest of the batch or on
earlier calls.
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
"""Heights and widths of frames, since real ones have any size."""


@dataclass(frozen=True)
class Trial:
    """A component under test and its inputs."""

    candidate: Candidate
    component: Component[Any]
    given: SampleInputs

    def needs(self, facet: Facet) -> bool:
        """Whether the component needs a facet, or adapts to any body."""
        info = self.candidate.info
        return facet in info.needs or (facet is Facet.BODY and bool(info.own_body))


@dataclass(frozen=True)
class Exercise:
    """How to call a role, and the contract of its results.

    Attributes:
        prepare: calls the component's `prepare`.
        work: calls its main method on some frames.
        wants: the contract of each result.
        canvas: whether it works on the canvas, or on frames of any size.
        facets: the facets of a component that this exercise covers.
    """

    prepare: Callable[[Trial], Any]
    work: Callable[[Trial, Any, Sequence[int]], Results]
    wants: Mapping[str, TensorSpec]
    canvas: bool
    facets: frozenset[Facet] = frozenset()

    def checks(self) -> tuple[Check, ...]:
        """The checks of every role."""
        named = (
            ("inputs", "inputs are not modified", _inputs),
            ("result", "shapes, types and ranges satisfy the role's contract", _result),
            ("sizes", "pictures of any size are accepted, including odd sizes", _sizes),
            ("repeats", "results are reproducible, also with a new instance", _repeats),
            ("batch", "a batch gives the same results as single frames", _batch),
            ("order", "a frame does not depend on its neighbours in a batch", _order),
            ("device", "other devices give the same results, returned on the CPU", _device),
        )
        return tuple(
            Check(name, says, partial(run, self), self.facets) for name, says, run in named
        )

    def size(self, given: SampleInputs) -> tuple[int, int]:
        """Height and width of the frames or the canvas."""
        return given.pose.canvas if self.canvas else given.driver.frames.size


def everything(given: SampleInputs) -> range:
    """All frames of the inputs."""
    return range(len(given.driver.frames))


def scene(candidate: Candidate) -> Trial:
    """The component of a candidate and its inputs."""
    return Trial(candidate, candidate.component, candidate.samples)


def _first(act: Exercise, candidate: Candidate) -> tuple[Any, Results]:
    """The prepared value and the results for all frames, computed once."""
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
    equal("repeating the call", first, again, act.wants, exact=True)
    fresh = _anew(act, candidate, candidate.make())
    equal("constructing the component again", first, fresh, act.wants, exact=True)


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
        return  # it needs previous frames
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
        new.copy_(old)  # for later checks
    expect(
        not any(changed),
        "unmodified inputs",
        f"{sum(changed)} tensors were modified",
    )


def _device(act: Exercise, candidate: Candidate) -> None:
    gpu = torch.cuda.is_available()
    other = candidate.make(torch.device("cuda" if gpu else "cpu", 0))
    results = _anew(act, candidate, other)
    _looks_right(act, results, candidate.samples)
    if not gpu:
        here = _first(act, candidate)[1]
        equal("the device", here, results, act.wants, exact=False)
