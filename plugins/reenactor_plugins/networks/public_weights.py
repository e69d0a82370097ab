"""Options that name public checkpoints: `public`, or a file. Imports no torch."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from reenactor.options import Options

PUBLIC = "public"
Public = Literal["public"]


class PublicOptions(Options):
    """Options of a component that runs public checkpoints. Abstract."""

    public: ClassVar[Mapping[str, str]] = {}
    """The manifest's weights by the options that select them with `public`."""

    def required_weights(self, names: frozenset[str]) -> frozenset[str]:
        """The public checkpoints that are selected."""
        chosen = {name for option, name in self.public.items() if getattr(self, option) == PUBLIC}
        return names & chosen
