"""The base of every component's options. Imports no torch, so that specs are checked at once."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Options of a component: unknown keys are mistakes, values never change.

    Give every field a `description`: it is the help text, the documentation and the hint in an
    editor.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class NoOptions(Options):
    """For a component that has none."""
