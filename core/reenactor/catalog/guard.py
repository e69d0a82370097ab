"""Wraps components to check every call: inputs stay unchanged and results satisfy the contract of
the role. Violations name the plugin."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import signature
from typing import Any

from torch import Tensor

from reenactor.catalog.attribution import attributed, report_to, written_by
from reenactor.catalog.entries import Provider
from reenactor.errors import PluginError
from reenactor.manifest import ComponentInfo
from reenactor.roles import Component, FrameRenderer
from reenactor.roles.contract import METHODS, BreachError, batching, expect

LOOKED_AT = 16384
"""The number of values sampled from a tensor to detect whether it was modified."""


def guarded(component: Component[Any], info: ComponentInfo, provider: Provider) -> Component[Any]:
    """The same component, with the methods of its role checked at every call.

    The methods then raise:
        PluginError: the component failed, violated the contract of its role, or modified its
            inputs. Names the component, the plugin and its version.
    """
    guard = _Guard(info, provider)
    if isinstance(component, FrameRenderer):
        with guard.checking("as `batch` and `history`"):
            batching(component)
    for role, methods in METHODS.items():
        for name, check in methods.items() if isinstance(component, role) else ():
            what = f"the {info.role} {info.name!r} has no usable `{name}`"
            with attributed(what, info.target, provider):  # it may be a property
                method = getattr(component, name)
            call = guard.wrap(method, name, check)
            object.__setattr__(component, name, call)  # a component may be a frozen dataclass
    return component


@dataclass(frozen=True)
class _Guard:
    """The component that is checked."""

    info: ComponentInfo
    provider: Provider

    def wrap(
        self, method: Callable[..., Any], name: str, check: Callable[..., None]
    ) -> Callable[..., Any]:
        """The method with the checks before and after it."""
        what = f"the {self.info.role} {self.info.name!r} failed in `{name}`"
        # The component may modify its own `prepared` value.
        first = 1 if "prepared" in signature(check).parameters else 0

        @wraps(method)
        def call(*given: Any, **named: Any) -> Any:
            others = [value for key, value in named.items() if key != "prepared"]
            inputs = tensors([*given[first:], *others])
            before = [_fingerprint(tensor) for tensor in inputs]
            with attributed(what, self.info.target, self.provider):
                result = method(*given, **named)
            with self.checking(f"by `{name}`"):
                kept = before == [_fingerprint(tensor) for tensor in inputs]
                expect(kept, "inputs left unchanged", "some were modified")
                check(result, *given, **named)
            return result

        return call

    @contextmanager
    def checking(self, how: str) -> Iterator[None]:
        """Turn a violation of the role's contract into an error that names the plugin."""
        try:
            yield
        except BreachError as error:
            raise PluginError(
                f"the {self.info.role} {self.info.name!r} violates the contract of its role {how} "
                f"({written_by(self.info.target, self.provider)})",
                given=error.given,
                expected=error.expected,
                advice=report_to(self.provider),
            ) from error


def tensors(value: object) -> list[Tensor]:
    """All tensors in a value, or in a list or mapping of values."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, tuple | list):
        return [found for inner in value for found in tensors(inner)]
    if isinstance(value, dict):
        return [found for inner in value.values() for found in tensors(inner)]
    if is_dataclass(value) and not isinstance(value, type):
        return [found for f in fields(value) for found in tensors(getattr(value, f.name))]
    return []


def _fingerprint(tensor: Tensor) -> tuple[int, bytes]:
    """The tensor's version counter, if torch keeps one, and a sample of its values."""
    count = 0 if tensor.is_inference() else tensor._version
    while tensor.numel() > LOOKED_AT:
        longest = max(range(tensor.ndim), key=lambda axis: tensor.shape[axis])
        tensor = tensor[(slice(None),) * longest + (slice(None, None, 2),)]
    return count, tensor.detach().numpy().tobytes()
