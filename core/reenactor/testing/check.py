"""Checks: single requirements on the components of a role, as functions that assert."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import torch
from pydantic import ValidationError

from reenactor.catalog import options_model
from reenactor.catalog.build import construct
from reenactor.errors import UsageError, WeightsError
from reenactor.manifest import ComponentInfo, Facet
from reenactor.options import Options
from reenactor.roles import Component
from reenactor.runtime import Runtime
from reenactor.testing.samples import SampleInputs, samples
from reenactor.weights import WeightStore
from reenactor.weights.store import default_folder


@dataclass(frozen=True)
class Candidate:
    """A component under test: its manifest entry, and its constructor arguments.

    By default it uses its default options, the CPU, and weights from the user's store, offline.
    """

    info: ComponentInfo
    options: Options | None = None
    runtime: Runtime | None = None
    samples: SampleInputs = field(default_factory=samples)
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Cached results, so that checks share expensive calls."""

    @cached_property
    def component(self) -> Component[Any]:
        """The component instance that most checks share.

        Raises:
            WeightsError: weights are missing on this machine.
            UsageError: options are required.
        """
        return self.make()

    def make(self, device: torch.device | None = None) -> Component[Any]:
        """Construct a new instance, optionally on another device."""
        runtime = self.runtime or _offline()
        return construct(
            self.info, self.given_options, replace(runtime, device=device or runtime.device)
        )

    @cached_property
    def given_options(self) -> Options:
        """The options for the constructor.

        Raises:
            UsageError: some options have no default, and none were given.
        """
        if self.options is not None:
            return self.options
        try:
            return options_model(self.info)()
        except ValidationError as error:
            raise UsageError(
                f"the {self.info.role} {self.info.name!r} has options without a default",
                given=", ".join(str(mistake["loc"][0]) for mistake in error.errors()),
                expected="options to check it with",
                advice="check_component(info, options=...)",
            ) from error


def _offline() -> Runtime:
    return Runtime(weight=WeightStore(default_folder(), offline=True).path)


class CheckError(AssertionError):
    """A failed check: `head` names it, `body` has expected and given."""

    def __init__(self, head: str, body: str) -> None:
        self.head = head
        self.body = body
        super().__init__(f"{head}:\n{body}")


@dataclass(frozen=True)
class Check:
    """A single check.

    Attributes:
        name: a short name.
        says: what it checks, in one sentence.
        run: the check; raises AssertionError.
        facets: if not empty, only components that provide one of these are checked.
    """

    name: str
    says: str
    run: Callable[[Candidate], None]
    facets: frozenset[Facet] = frozenset()

    def applies(self, info: ComponentInfo) -> bool:
        """Whether the check applies to that component."""
        return not self.facets or bool(self.facets & info.provides)

    def __call__(self, candidate: Candidate) -> None:
        """Check a component.

        Raises:
            CheckError: the check failed; the message has expected and given.
            UsageError, WeightsError: the component cannot be constructed here.
        """
        info = candidate.info
        head = f"{info.role} {info.name!r} fails the check {self.name!r} ({self.says})"
        try:
            self.run(candidate)
        except AssertionError as failure:
            raise CheckError(head, str(failure)) from failure
        except (UsageError, WeightsError):
            raise
        except Exception as error:
            raise CheckError(head, f"  it raised {type(error).__name__}: {error}") from error

    def __str__(self) -> str:
        return self.name
