"""The command line. Only here is anything printed; each command is a module, imported when used."""

from reenactor.cli.app import main

__all__ = ["main"]
