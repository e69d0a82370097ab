"""Commands that are imported when they are called, so that help stays quick."""

import importlib
import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from reenactor.cli.context import Context
from reenactor.cli.memory import require_memory
from reenactor.errors import InputError, UsageError
from reenactor.spelling import did_you_mean

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("reenactor.cli.run", "Let the person of a photo perform the dance of a video."),
        "analyze": ("reenactor.cli.analyze", "Watch a driving video once, and save the dance."),
        "demo": ("reenactor.cli.demo", "Make a first dance; needs no file of yours."),
        "bench": ("reenactor.cli.bench", "Measure this machine: speed, start-up, memory."),
        "evaluate": ("reenactor.cli.evaluate", "Measure specs and methods on videos."),
        "measure": ("reenactor.cli.measure", "Measure components by themselves, on examples."),
        "compare": ("reenactor.cli.compare", "Show videos side by side."),
        "study": ("reenactor.cli.study", "Ask people which of two videos they prefer."),
        "prepare": ("reenactor.cli.prepare", "Make training examples of photos and videos."),
        "train": ("reenactor.cli.train", "Train the network of a component."),
        "check": ("reenactor.cli.check", "Find every mistake in a spec before anything runs."),
        "schema": ("reenactor.cli.schema", "Write the JSON schema of specs, for editors."),
        "plugins": ("reenactor.cli.plugins", "List, show, examine and start plugins."),
        "cache": ("reenactor.cli.cache", "List and clear what is remembered of watched videos."),
        "weights": ("reenactor.cli.weights", "List, fetch, verify and import weight files."),
    }
)
"""Each command: the module that has it as `app`, and its line in the help."""

LIGHT = ("check", "schema", "plugins", "weights")
"""Commands that load none of the libraries that want much memory."""


def command_app(help_line: str | None = None) -> typer.Typer:
    """An app for a command's module; its texts are Markdown, in which [x, y] stays [x, y]."""
    return typer.Typer(add_completion=False, rich_markup_mode="markdown", help=help_line)


class LazyGroup(TyperGroup):
    """Lists commands by their table; imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command as the help lists it: its name and its line."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(name=cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported."""
        name, rest = args[0], args[1:]
        if name not in COMMANDS:
            if ctx.resilient_parsing:  # a shell asks for completions
                return None, None, rest
            raise UsageError(
                "there is no such command",
                given=name,
                expected=", ".join(COMMANDS),
                advice=did_you_mean(name, COMMANDS),
            )
        if "--help" not in rest:
            require_working_folder()
            if name not in LIGHT:
                require_memory()
        app: typer.Typer = importlib.import_module(COMMANDS[name][0]).app
        loaded: Any = typer.main.get_command(app)
        loaded.name = name
        return name, loaded, rest


def require_working_folder() -> None:
    """Make sure, before large libraries fail of it, that the working folder still exists.

    Raises:
        InputError: it was removed, or may not be looked at.
    """
    try:
        os.getcwd()  # noqa: PTH109 - the same
    except OSError as error:
        raise InputError(
            "the working folder does not exist any more",
            given=os.environ.get("PWD", ""),
            expected="a folder that is there",
            advice="change to another folder, and run the command there",
        ) from error


def show_help(context: Context) -> None:
    """What a command with commands of its own does when none is given: it shows its help."""
    if context.invoked_subcommand is None:
        print(context.get_help())
