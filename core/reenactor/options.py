"""The base of every component's options. Imports no torch, so that specs are checked at once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1
"""The largest seed; derived ones must still fit the 64 bits of torch's generator."""
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


class Options(BaseModel):
    """Options of a component: unknown keys are mistakes, values never change.

    Give every field a `description`: it is the help text, the documentation and the hint in an
    editor. Give every number a smallest and a largest value, so that one that no component could
    work with is the user's mistake and not the component's failure.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, protected_namespaces=(), allow_inf_nan=False
    )

    required: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Options that a component cannot do without though they have no default, each with what it
    should name: a file of weights that nobody ships, say."""

    def wanted_weights(self, names: frozenset[str]) -> frozenset[str]:
        """Which of the manifest's weights a component with these options loads: all of them.

        A component with variants, or one that is given a file of its own, narrows it.
        """
        return names

    def wanted_facets(self, names: frozenset[str]) -> frozenset[str]:
        """Which of the facets that the manifest says are needed a component with these options
        reads: all of them. A component that can do without some narrows it.
        """
        return names

    def remarks(self, canvas: tuple[int, int]) -> Mapping[str, str]:
        """What should be known before a run with these options, by the option it is about; no
        mistakes.

        Args:
            canvas: height and width in pixels on which the networks of the spec work.
        """
        del canvas
        return {}

    def lacking(self) -> Mapping[str, str]:
        """Those of `required` that name nothing. A component some of whose options call for others
        adds to them.
        """
        return {name: what for name, what in self.required.items() if getattr(self, name) is None}

    def of_training(self) -> Mapping[str, Any]:
        """Those options that a network is trained with, as plain values: a trained file keeps
        them, and does not fit where they are others. All but `weights`; a component with options
        that can be changed afterwards leaves these out.
        """
        return self.model_dump(mode="json", exclude={"weights"})


class NoOptions(Options):
    """For a component that has none."""
