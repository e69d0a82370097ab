"""The command line: options for all commands, and `main`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reenactor import __version__
from reenactor.cli.context import Context
from reenactor.cli.exits import INTERRUPTED, exit_code_of, keep_exit_code
from reenactor.cli.lazy import LazyGroup
from reenactor.cli.quiet import silence_warnings
from reenactor.cli.settings import GlobalOptions
from reenactor.cli.streams import accept_any_text, open_missing_descriptors

app = typer.Typer(cls=LazyGroup, add_completion=True, rich_markup_mode="markdown")


def _version(wanted: bool) -> bool:
    if wanted:
        print(f"reenactor {__version__}")
        raise typer.Exit
    return wanted


@app.callback(invoke_without_command=True)
def root(
    context: Context,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show tracebacks and the warnings of libraries."),
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", envvar="REENACTOR_OFFLINE", help="Never access the network."),
    ] = False,
    weights_folder: Annotated[
        Path | None,
        typer.Option(
            envvar="REENACTOR_WEIGHTS",
            help="The folder of weights; by default in the cache folder.",
        ),
    ] = None,
    block: Annotated[
        list[str] | None,
        typer.Option(metavar="PLUGIN", help="Ignore a plugin; may be repeated."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """One photo of a person and a driving video in, a video of that person dancing out."""
    del version
    settings: GlobalOptions = context.obj
    settings.debug = debug
    if settings.alone and not debug:
        silence_warnings()
    settings.offline = offline
    settings.weights_folder = weights_folder
    settings.block = block or []
    if context.invoked_subcommand is None:
        print(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code (see `reenactor.errors`).

    Without arguments it uses those of the process.
    """
    if arguments is None:
        open_missing_descriptors()
    settings = GlobalOptions(alone=arguments is None)
    code = _run(arguments, settings)
    if settings.alone:
        keep_exit_code(code)
    return code


def _run(arguments: Sequence[str] | None, settings: GlobalOptions) -> int:
    command = typer.main.get_command(app)
    given = list(sys.argv[1:] if arguments is None else arguments)
    accept_any_text()
    try:
        with settings.closing:
            if settings.alone:
                settings.closing.enter_context(settings.stop.listening())
            code = command.main(given, prog_name="reenactor", standalone_mode=False, obj=settings)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as error:
        if not isinstance(error.__context__, BrokenPipeError):  # as raised by typer's help
            raise
        return exit_code_of(error.__context__, settings)
    except BaseException as error:
        return exit_code_of(error, settings)
    if code == INTERRUPTED:  # typer's exit code for Ctrl-C
        return exit_code_of(KeyboardInterrupt(), settings)
    return code if isinstance(code, int) else 0
