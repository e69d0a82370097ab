"""Compares results; failures show expected and given."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from reenactor.roles.contract import TensorSpec, expect

Results = Mapping[str, Tensor]
"""Results of a component by name; the first axis is frames."""


def equal(
    what: str, one: Results, other: Results, wants: Mapping[str, TensorSpec], exact: bool
) -> None:
    """Assert that two results are equal, exactly or within the tolerances of the contract.

    Args:
        what: the change that must not make a difference, for the message.
        one: a result.
        other: the result to compare with.
        wants: the contract, with tolerances.
        exact: whether to require exact equality.
    """
    for name, want in wants.items():
        first, second = one[name], other[name]
        shapes = tuple(first.shape), tuple(second.shape)
        expect(shapes[0] == shapes[1], f"{what} gives {name} of one shape", f"{shapes}")
        apart = (first.double() - second.double()).abs()
        loose, share = (0.0, 0.0) if exact else (want.loose, want.share)
        off = apart > loose
        if off.double().mean() <= share or not off.any():
            continue
        at = tuple(int(i) for i in off.nonzero()[0])
        raise AssertionError(
            f"  expected: {what} makes no difference to {name}\n"
            f"  given:    {off.double().mean():.2%} of the values differ by more than {loose:g}, "
            f"by up to {apart.max():g}; the first at {list(at)}"
        )


def stacked(results: Sequence[Results]) -> Results:
    """Concatenate results of single frames."""
    return {name: torch.cat([result[name] for result in results]) for name in results[0]}
