"""Checks the weights that components need: availability, downloads and licences."""

from collections.abc import Iterator

from reenactor.catalog.plan import Part
from reenactor.manifest import Weight
from reenactor.spec import Kind, Position, Problem
from reenactor.weights import State, WeightStore


def required_weights(part: Part) -> tuple[Weight, ...]:
    """The weights that a component loads with these options."""
    wanted = part.options.required_weights(frozenset(weight.name for weight in part.info.weights))
    return tuple(weight for weight in part.info.weights if weight.name in wanted)


def weight_problems(part: Part, position: Position, store: WeightStore | None) -> Iterator[Problem]:
    """Missing weights are mistakes; pending downloads and restricted licences are notes."""
    for option, wanted in part.options.missing().items():
        yield Problem(
            f"{part.info.name} has no {option}",
            position,
            (*part.field, option),
            expected=wanted,
            kind=Kind.WEIGHTS,
        )
    for weight in required_weights(part):
        if store is not None:
            yield from _missing(weight, store, position, part)
        if not weight.commercial and (store is None or not store.awaits_acceptance(weight)):
            yield Problem(
                f"the weights {weight.name!r} do not allow commercial use",
                position,
                part.field,
                f"{weight.licence} ({weight.origin})",
                kind=Kind.NOTE,
            )


def _missing(
    weight: Weight, store: WeightStore, position: Position, part: Part
) -> Iterator[Problem]:
    state = store.state(weight)
    if state in (State.SHIPPED, State.STORED):
        return
    size = f"{weight.size / 1e6:.1f} MB"
    if store.awaits_acceptance(weight):
        yield Problem(
            f"the weights {weight.name!r} ({size}) are not downloaded before their terms are "
            "accepted",
            position,
            part.field,
            f"{weight.licence} ({weight.origin})",
            advice=f"reenactor weights pull {weight.name}",
            kind=Kind.WEIGHTS,
        )
        return
    if state is State.FETCHABLE:
        yield Problem(
            f"the weights {weight.name!r} ({size}) will be downloaded",
            position,
            part.field,
            advice=f"reenactor weights pull {weight.name}",
            kind=Kind.NOTE,
        )
        return
    yield Problem(
        f"the weights {weight.name!r} are missing",
        position,
        part.field,
        "offline, and not in the weight folder"
        if weight.mirrors
        else "no mirror to download them from",
        f"{weight.file}, {size}, sha256 {weight.sha256}, from {weight.origin}",
        f"reenactor weights import {weight.file}",
        Kind.WEIGHTS,
    )
