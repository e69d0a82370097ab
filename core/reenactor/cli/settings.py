"""What the options before a command say; they hold for every command."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Settings:
    """Filled while the command line is read, and given to the command."""

    debug: bool = False
    """Show the traceback of an error."""
    offline: bool = False
    """Never touch the network."""
    weights_folder: Path | None = None
    """Where weights are kept; the user's cache folder by default."""
    block: list[str] = field(default_factory=list)
    """Plugins that are left out."""
    as_json: bool = False
    """The command answers with one JSON document, also when it fails."""
