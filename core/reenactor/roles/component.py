"""The base class of all components: a constructor that takes options and a runtime."""

from abc import ABC
from typing import Generic, TypeVar

from reenactor.options import Options
from reenactor.runtime import Runtime

O = TypeVar("O", bound=Options)
"""The options of a component."""
P = TypeVar("P")
"""The value that a component prepares once per target, clip or background."""


class Component(ABC, Generic[O]):
    """A part of a pipeline. Every subclass is either abstract (a role) or final (a component).

    The constructor may load weights and is called once per run. Methods are called from one
    thread at a time.
    """

    def __init__(self, options: O, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
