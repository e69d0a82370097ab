"""A check: one thing that every component of a role must do, as a plain function that asserts."""

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
    """A component under test: what its manifest says, and with what it is made.

    Without `options` it is made with its defaults; without `runtime` on the CPU, with weights
    from the user's store, and no network is touched.
    """

    info: ComponentInfo
    options: Options | None = None
    runtime: Runtime | None = None
    samples: SampleInputs = field(default_factory=samples)
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What checks found out already, so that no component works twice for nothing."""

    @cached_property
    def component(self) -> Component[Any]:
        """The component that most checks share.

        Raises:
            WeightsError: it needs weights that are not on this machine.
            UsageError: it needs options.
        """
        return self.make()

    def make(self, device: torch.device | None = None) -> Component[Any]:
        """A fresh component, perhaps for another device."""
        runtime = self.runtime or _offline()
        return construct(
            self.info, self.given_options, replace(runtime, device=device or runtime.device)
        )

    @cached_property
    def given_options(self) -> Options:
        """The options it is made with.

        Raises:
            UsageError: there are options without a default, and none were given.
        """
        if self.options is not None:
            return self.options
        try:
            return options_model(self.info)()
        except ValidationError as error:
            raise UsageError(
                f"the {self.info.role} {self.info.name!r} has options without a default",
                given=", ".join(str(mistake["loc"][0]) for mistake in error.errors()),
                expected="the options to check it with",
                advice="check_component(info, options=...)",
            ) from error


def _offline() -> Runtime:
    return Runtime(weight=WeightStore(default_folder(), offline=True).path)


class CheckError(AssertionError):
    """A check that failed: `head` says which, `body` what was expected and given."""

    def __init__(self, head: str, body: str) -> None:
        self.head = head
        self.body = body
        super().__init__(f"{head}:\n{body}")


@dataclass(frozen=True)
class Check:
    """One thing to check.

    Attributes:
        name: what to call it, in one word or two.
        says: what it checks, in one sentence.
        run: does so; raises AssertionError.
        facets: only who provides one of these is checked; everybody, where there are none.
    """

    name: str
    says: str
    run: Callable[[Candidate], None]
    facets: frozenset[Facet] = frozenset()

    def applies(self, info: ComponentInfo) -> bool:
        """Whether that component has to pass."""
        return not self.facets or bool(self.facets & info.provides)

    def __call__(self, candidate: Candidate) -> None:
        """Check a component.

        Raises:
            CheckError: it fails; the message says what was expected and what was given.
            UsageError, WeightsError: it cannot be made here.
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
