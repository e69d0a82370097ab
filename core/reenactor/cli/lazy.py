"""Commands that are imported when they are called, so that --help is fast."""

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
        "run": ("reenactor.cli.run", "Make the person of a photo perform the dance of a video."),
        "analyze": ("reenactor.cli.analyze", "Find the dancer of a video and save their motion."),
        "demo": ("reenactor.cli.demo", "Make a first video, from files in the package."),
        "bench": ("reenactor.cli.bench", "Measure speed, start-up time and memory."),
        "evaluate": ("reenactor.cli.evaluate", "Measure specs and other methods on videos."),
        "measure": ("reenactor.cli.measure", "Measure single components on examples."),
        "compare": ("reenactor.cli.compare", "Show videos side by side."),
        "study": ("reenactor.cli.study", "Run a user study of preferences."),
        "prepare": ("reenactor.cli.prepare", "Make training examples from photos and videos."),
        "train": ("reenactor.cli.train", "Train the network of a component."),
        "check": ("reenactor.cli.check", "Find every mistake in a spec before anything runs."),
        "schema": ("reenactor.cli.schema", "Write the JSON schema of specs, for editors."),
        "plugins": ("reenactor.cli.plugins", "List, show, check and create plugins."),
        "cache": ("reenactor.cli.cache", "List and clear the cache of detected people."),
        "licenses": ("reenactor.cli.licenses", "List the terms of everything that a spec uses."),
        "weights": ("reenactor.cli.weights", "List, download, verify and import weights."),
    }
)
"""Commands: the module with its `app`, and its line in the help."""

LIGHT = ("check", "schema", "plugins", "licenses", "weights")
"""Commands that do not load the libraries that need much memory."""


def command_app(help_line: str | None = None) -> typer.Typer:
    """An app for a command's module. Its texts are Markdown, so that [x, y] is not markup."""
    return typer.Typer(add_completion=False, rich_markup_mode="markdown", help=help_line)


class LazyGroup(TyperGroup):
    """Lists the commands of the table; imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command for the help: its name and line."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(name=cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported."""
        name, rest = args[0], args[1:]
        if name not in COMMANDS:
            if ctx.resilient_parsing:  # shell completion
                return None, None, rest
            raise UsageError(
                "unknown command",
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
    """Show the help of a command group called without a command."""
    if context.invoked_subcommand is None:
        print(context.get_help())
