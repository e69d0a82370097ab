"""The base of every component's options. Imports no torch, so that specs are checked at once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict

NOTHING: Mapping[str, str] = MappingProxyType({})


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

    def lacking(self) -> Mapping[str, str]:
        """Options without which a component with these options cannot be made, each with what it
        should name (a file of weights that nobody ships, say). None are lacking here.
        """
        return NOTHING

    def of_training(self) -> Mapping[str, Any]:
        """Those options that a network is trained with, as plain values: a trained file keeps
        them, and does not fit where they are others. All but `weights`; a component with options
        that can be changed afterwards leaves these out.
        """
        return self.model_dump(mode="json", exclude={"weights"})


class NoOptions(Options):
    """For a component that has none."""
