"""The base class of options. Does not import torch, so that specs are checked quickly."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1
"""The largest seed; derived seeds must fit into the 64 bits of torch's generator."""
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


class Options(BaseModel):
    """Options of a component: frozen, unknown keys are errors.

    Give every field a `description`: it is used for help, documentation and editor hints. Give
    every number a minimum and a maximum, so that unusable values are reported as the user's mistake
    and not as a failure of the component.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, protected_namespaces=(), allow_inf_nan=False
    )

    required: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Options that are required, with a description of the expected value: for example, a weight
    file that is not shipped."""

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The names of the manifest's weights that these options need; by default, all of them.

        Override this in components with variants, or with an option for a weight file.
        """
        return names

    def required_facets(self, names: frozenset[str]) -> frozenset[str]:
        """The facets among the manifest's `needs` that these options need; by default, all of them.
        Override this if some are optional.
        """
        return names

    def notes(self, canvas: tuple[int, int]) -> Mapping[str, str]:
        """Notes on these options to show before a run, by option. They are not mistakes.

        Args:
            canvas: height and width of the spec's canvas in pixels.
        """
        del canvas
        return {}

    def canvas(self) -> tuple[int, int] | None:
        """Height and width of the only canvas that suits these options, for example that of a
        network's training. `output: {height: auto}` uses it. None if any canvas suits them.
        """
        return None

    def missing(self) -> Mapping[str, str]:
        """The `required` options without a value. Extend this if some options require others."""
        return {name: what for name, what in self.required.items() if getattr(self, name) is None}

    def of_training(self) -> Mapping[str, Any]:
        """The options that a network is trained with, as plain values. They are stored in trained
        files, which can only be used with the same values. By default all but `weights`; override
        this to exclude options that can be changed after training.
        """
        return self.model_dump(mode="json", exclude={"weights"})


class NoOptions(Options):
    """For components without options."""
