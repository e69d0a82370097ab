"""The base of every component's options. Imports no torch, so that specs are checked at once."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a component: unknown keys are mistakes, values never change.

    Give every field a `description`: it is the help text, the documentation and the hint in an
    editor.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    def wanted_weights(self, names: frozenset[str]) -> frozenset[str]:
        """Which of the manifest's weights a component with these options loads: all of them.

        A component with variants, or one that is given a file of its own, narrows it.
        """
        return names


class NoOptions(Options):
    """For a component that has none."""
