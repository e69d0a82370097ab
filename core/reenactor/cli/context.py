"""The context that typer gives to a command, by the type that it really has."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    Context = typer.Context
else:
    # typer's own class stands in annotations only; what a command is given is of its base, and
    # the tests check that values have the types that are written.
    Context = typer.Context.__bases__[0]
