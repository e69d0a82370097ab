"""Comparing results: a failure says what was expected and what was given."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from reenactor.roles.contract import TensorSpec, expect

Results = Mapping[str, Tensor]
"""What a component gave, by name; the first axis counts frames."""


def equal(
    what: str, one: Results, other: Results, wants: Mapping[str, TensorSpec], exact: bool
) -> None:
    """Two results are the same: exactly, or as nearly as their wants ask.

    Args:
        what: what should make no difference, for the message.
        one: a result.
        other: the one it is compared with.
        wants: how nearly equal each must be.
        exact: whether nothing at all may differ.
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
    """Results of one frame after the other as one."""
    return {name: torch.cat([result[name] for result in results]) for name in results[0]}
