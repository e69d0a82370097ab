"""Consoles: results go to stdout, everything else to stderr.

Text is never markup, because a path may contain brackets.
"""

from rich.console import Console
from rich.table import Table

from reenactor.cli.streams import Stream

_WIDTH_WITHOUT_TERMINAL = 160
"""Wide enough for one line per table row in a pipe or log."""


class _Console(Console):
    """Lets `main` handle a closed pipe, where rich would exit."""

    def on_broken_pipe(self) -> None:
        raise  # the current error


def output_console(answers: Stream) -> Console:
    """For results."""
    console = _Console(file=answers, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console


def error_console() -> Console:
    """For progress, notes and errors."""
    return _Console(stderr=True, highlight=False, markup=False)


def plain_table(*columns: str) -> Table:
    """A table without borders."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
