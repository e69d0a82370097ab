"""What the checks assert with: every failure says what was expected and what was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Results = Mapping[str, Tensor]
"""What a component gave, by name; the first axis counts frames."""


@dataclass(frozen=True)
class Want:
    """What a tensor must be.

    Attributes:
        dtype: its type.
        inner: its axes between the first, which counts frames, and height and width.
        low, high: the range of its values.
        loose: how far a value may be from its equal when computed in another company.
        share: the share of all values that may be farther.
        last: whether the colours come last instead of in `inner`.
    """

    dtype: torch.dtype
    inner: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 1.0
    loose: float = 0.0
    share: float = 0.0
    last: bool = False

    def shape(self, length: int, size: tuple[int, int]) -> tuple[int, ...]:
        return (length, *size, *self.inner) if self.last else (length, *self.inner, *size)


def expect(sound: object, expected: str, given: object) -> None:
    """Assert something, in words."""
    if not sound:
        raise AssertionError(f"  expected: {expected}\n  given:    {given}")


def sound(name: str, value: object, want: Want, length: int, size: tuple[int, int]) -> None:
    """A result has the shape, type and range that its role asks for, and lies on the CPU."""
    if not isinstance(value, Tensor):
        raise AssertionError(f"  expected: {name} as a tensor\n  given:    {type(value).__name__}")
    expect(value.device.type == "cpu", f"{name} on the CPU", value.device)
    shape, expected = tuple(value.shape), want.shape(length, size)
    expect(shape == expected, f"{name} of shape {expected}", shape)
    expect(value.dtype == want.dtype, f"{name} of type {want.dtype}", value.dtype)
    in_range(name, value, want.low, want.high)


def in_range(name: str, value: Tensor, low: float, high: float) -> None:
    """All values are numbers, and none lies outside."""
    if value.numel() == 0:
        return
    least, most = float(value.min()), float(value.max())
    finite = bool(value.isfinite().all()) if value.is_floating_point() else True
    expect(finite, f"{name} without NaN and infinity", f"{int((~value.isfinite()).sum())} of them")
    within = low - 1e-5 <= least and most <= high + 1e-5
    expect(within, f"{name} in {low:g} .. {high:g}", f"{least:g} .. {most:g}")


def equal(what: str, one: Results, other: Results, wants: Mapping[str, Want], exact: bool) -> None:
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
