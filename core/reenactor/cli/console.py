"""Where the command line writes: answers to stdout, everything else to stderr.

No text is markup: a path may hold brackets.
"""

from rich.console import Console
from rich.table import Table

from reenactor.cli.streams import Stream

_WIDTH_WITHOUT_TERMINAL = 160
"""Wide enough that a table in a pipe or a log keeps a line for each row."""


class _Console(Console):
    """Leaves it to `main` what happens when nobody reads any more: rich would end the program."""

    def on_broken_pipe(self) -> None:
        raise  # the error that is being handled


def output_console(answers: Stream) -> Console:
    """For what was asked for."""
    console = _Console(file=answers, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console


def error_console() -> Console:
    """For progress, notes and errors."""
    return _Console(stderr=True, highlight=False, markup=False)


def plain_table(*columns: str) -> Table:
    """A table of words, without frames."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
