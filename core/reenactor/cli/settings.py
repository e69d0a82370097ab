"""The options before the command, which apply to every command."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reenactor.cli.stopping import Stop
from reenactor.cli.streams import Stream, results_only


@dataclass
class GlobalOptions:
    """Set while the command line is parsed, and passed to the command."""

    alone: bool = False
    """The process runs only this command, which no other program called."""
    debug: bool = False
    """Show tracebacks and the warnings of libraries."""
    offline: bool = False
    """Never access the network."""
    weights_folder: Path | None = None
    """The folder of weights; by default in the user's cache folder."""
    block: list[str] = field(default_factory=list)
    """Plugins to ignore."""
    as_json: bool = False
    """Print one JSON document, also for errors."""
    stop: Stop = field(default_factory=Stop)
    """Handles the signals that end the process."""
    closing: ExitStack = field(default_factory=ExitStack)
    """What is restored when the command ends."""

    @cached_property
    def answers(self) -> Stream:
        """Standard output, from now on only for the command's results."""
        return self.closing.enter_context(results_only())
