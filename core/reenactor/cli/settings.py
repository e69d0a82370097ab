"""What the options before a command say; they hold for every command."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reenactor.cli.stopping import Stop
from reenactor.cli.streams import Stream, answers_alone


@dataclass
class GlobalOptions:
    """Filled while the command line is read, and given to the command."""

    alone: bool = False
    """The process is ours: no other program called us."""
    debug: bool = False
    """Show the traceback of an error, and the warnings of libraries."""
    offline: bool = False
    """Never touch the network."""
    weights_folder: Path | None = None
    """Where weights are kept; the user's cache folder by default."""
    block: list[str] = field(default_factory=list)
    """Plugins that are left out."""
    as_json: bool = False
    """The command answers with one JSON document, also when it fails."""
    stop: Stop = field(default_factory=Stop)
    """Hears of the signals that end the process."""
    closing: ExitStack = field(default_factory=ExitStack)
    """What is put back when the command ends."""

    @cached_property
    def answers(self) -> Stream:
        """Standard output, from now on for the command's answers alone."""
        return self.closing.enter_context(answers_alone())
