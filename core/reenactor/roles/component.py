"""What all components have in common: options and a runtime, by their constructor."""

from abc import ABC
from typing import Generic, TypeVar

from reenactor.options import Options
from reenactor.runtime import Runtime

O = TypeVar("O", bound=Options)
"""The options of a component."""
P = TypeVar("P")
"""What a component prepares once for a target, a clip or a background."""


class Component(ABC, Generic[O]):
    """A part of a pipeline. Every subclass is abstract (a role) or final (an implementation).

    The constructor may load weights; it is called once for a run, and the methods may be called
    from one thread at a time.
    """

    def __init__(self, options: O, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
