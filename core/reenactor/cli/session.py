"""What commands share: options, the catalog, the weight store, and output."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any

import typer
from rich.console import Console

from reenactor.catalog import Catalog, discover
from reenactor.cli.console import error_console, output_console
from reenactor.cli.context import Context
from reenactor.cli.progress import make_progress
from reenactor.cli.settings import GlobalOptions
from reenactor.progress import Progress
from reenactor.spec import LoadedSpec
from reenactor.weights import WeightStore, default_folder

Threads = Annotated[
    int,
    typer.Option(
        min=1,
        help="Threads of each network, at most one per core; more than one helps only large "
        "networks on a CPU.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing output.")]
SpecArgument = Annotated[str, typer.Argument(metavar="SPEC", help="A spec's name or YAML file.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override a field: output.height=256."),
]


class Session:
    """One call of a command."""

    def __init__(self, context: Context, as_json: bool = False) -> None:
        self.settings: GlobalOptions = context.obj
        self.settings.as_json = as_json
        self.console: Console = output_console(self.settings.answers)

    @cached_property
    def catalog(self) -> Catalog:
        """What is installed, without blocked plugins."""
        return discover(block=self.settings.block)

    @cached_property
    def store(self) -> WeightStore:
        """The weight store; downloads show progress."""
        folder = self.settings.weights_folder or default_folder()
        return WeightStore(folder, offline=self.settings.offline, progress=self.progress)

    @cached_property
    def progress(self) -> Progress:
        """Progress on stderr: bars on a terminal, else lines."""
        return make_progress()

    def setup(self, device: str, threads: int, seed: int = 0, precision: str = "float32") -> Any:
        """The `reenactor.Setup` of commands that run components.

        It also bounds torch's thread pool: small networks are slower with many threads, and thread
        pools that compete for cores are much slower. The default precision suits commands whose
        results must not depend on the machine.
        """
        import torch

        from reenactor.api import Setup

        setup = Setup(
            device=device,
            precision=precision,
            seed=seed,
            threads=threads,
            catalog=self.catalog,
            weights=self.store,
        )
        torch.set_num_threads(setup.runtime().threads)
        return setup

    def load(self, spec: str, overrides: Iterable[str] | None = None) -> LoadedSpec:
        """Read a spec by its name or path."""
        return self.catalog.draft(spec, overrides or ()).complete()

    def say(self, text: str) -> None:
        """Print text without wrapping lines."""
        self.console.print(text, soft_wrap=True)

    def note(self, text: str) -> None:
        """Print a note to stderr."""
        error_console().print(f"note: {text}", style="yellow", soft_wrap=True)

    def answer(self, document: Any) -> None:
        """Print the JSON document of --json."""
        self.write(json.dumps(document, indent=2) + "\n")

    def write(self, text: str) -> None:
        """Print text as it is."""
        self.settings.answers.write(text)
        self.settings.answers.flush()
