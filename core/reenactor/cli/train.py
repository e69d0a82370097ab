"""`reenactor train`: train the network of a component."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device
from reenactor.cli.session import AsJson, Overrides, Session, Threads

if TYPE_CHECKING:
    from reenactor.training.settings import TrainingSettings

app = command_app()


@app.command()
def train(
    context: Context,
    component: Annotated[
        str, typer.Argument(metavar="COMPONENT", help="Whose network: p2b, b2f, fr …")
    ],
    config: Annotated[
        str, typer.Option(help="A config of the recipe by name (paper, small …), or a YAML file.")
    ] = "",
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A folder of shards that `reenactor prepare` made; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The training's folder (runs/COMPONENT).")
    ] = None,
    spec: Annotated[
        str | None,
        typer.Option(metavar="SPEC", help="Take the network's options from this spec."),
    ] = None,
    overrides: Overrides = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Take a few steps, write nothing.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="List the recipe's settings, their values and meaning.")
    ] = False,
    device: Device = "auto",
    threads: Threads = 1,
    as_json: AsJson = False,
) -> None:
    """Train the network of a component.

    What OUT holds goes on where it was stopped, with the same result as if it had not been.
    With several processes (`torchrun --nproc-per-node 2 -m reenactor train …`) they train one
    network.
    """
    session = Session(context, as_json)
    session.setup(device, threads).runtime()  # refuses a device that is not there
    from reenactor.training.config import load_config
    from reenactor.training.train import train as perform

    loaded = None if spec is None else session.load(spec)
    chosen = load_config(session.catalog, component, config, overrides or (), data or (), loaded)
    if show:
        _list(session, chosen.training, as_json)
        return
    out = out or Path("runs") / component
    done = perform(chosen, out, device, session.progress, dry_run)
    if as_json:
        session.answer(done.as_json())
    elif done.weights is not None:
        session.say(f"{done.weights}: {done.steps} steps on {done.examples} examples")
    else:
        session.say(f"sound: {done.steps} steps were tried on {done.examples} examples")


def _list(session: Session, settings: "TrainingSettings", as_json: bool) -> None:
    """Every setting with its value in the chosen config."""
    if as_json:
        session.answer(settings.model_dump(mode="json"))
        return
    grid = plain_table("training.", "value", "meaning")
    for name, field in type(settings).model_fields.items():
        grid.add_row(name, str(getattr(settings, name)), field.description or "")
    session.console.print(grid)
