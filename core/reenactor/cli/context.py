"""The type of the context that typer passes to a command."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    Context = typer.Context
else:
    # typer passes an instance of the base of its own class, and the tests check annotations at
    # run time.
    Context = typer.Context.__bases__[0]
