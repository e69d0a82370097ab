"""`reenactor measure`: single components, on prepared examples."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.metric_networks import (
    Features,
    FeaturesInput,
    Identity,
    IdentityScale,
    require_known_inputs,
)
from reenactor.cli.run import Device
from reenactor.cli.session import AsJson, Session, Threads
from reenactor.errors import UsageError
from reenactor.metrics import METRICS, Better

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reenactor.evaluation.aggregate import Figure
    from reenactor.evaluation.scores import Figures

app = command_app()

LOWER = frozenset({"body-width-cross", "mask-l1"})
"""Of the figures that are no metrics of `evaluate`, those that should be low."""


@app.command()
def measure(
    context: Context,
    specs: Annotated[list[str], typer.Argument(metavar="SPEC...", help="Specs by name or file.")],
    shards: Annotated[
        list[Path],
        typer.Option(help="A folder from `reenactor prepare`; may be repeated."),
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Only examples with such names: anny/body-???7?/*."),
    ] = None,
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="Only body_generator, frame_renderer, face_refiner or together; may be repeated.",
        ),
    ] = None,
    identity: Identity = None,
    identity_scale: IdentityScale = "signed",
    features: Features = None,
    features_input: FeaturesInput = "imagenet",
    device: Device = "auto",
    threads: Threads = 1,
    seed: Annotated[int, typer.Option(min=0, help="For confidence intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure body generators, frame renderers and face refiners separately, then together.

    Each receives the ground truth instead of the others' output, so that their errors do not add
    up. Examples must show a person at least twice. Figures are also given by how far the person
    is turned from the camera.
    """
    require_known_inputs(identity_scale, features_input)
    session = Session(context, as_json)
    from reenactor.evaluation.embedders import embedder_of
    from reenactor.evaluation.parts import MEASURED, measure_parts
    from reenactor.evaluation.yaw_groups import GROUPS
    from reenactor.metrics.perceptual import load_perceptual
    from reenactor.training.shards import Shards

    unknown = sorted(set(roles or ()) - set(MEASURED))
    if unknown:
        raise UsageError("unknown role", given=unknown[0], expected=", ".join(MEASURED))
    setup = session.setup(device, threads, seed)
    examples = Shards(shards)
    if only:
        examples = examples.only(only)
    embedder = None if identity is None else embedder_of(identity, identity_scale)[0]  # type: ignore[arg-type]  # typer has checked the choice
    network = None
    if features is not None:
        network = load_perceptual(features, features_input).to(setup.runtime().device)  # type: ignore[arg-type]  # typer has checked the choice
    made = measure_parts(
        setup, specs, examples, embedder, session.progress, network, roles or MEASURED
    )
    if as_json:
        session.answer(
            {
                role: {name: measures.as_json() for name, measures in methods.items()}
                for role, methods in made.items()
            }
        )
        return
    for role, methods in made.items():
        _print(session, role, {name: one.figures for name, one in methods.items()})
        for group in GROUPS:
            turned = {
                name: one.by_yaw[group] for name, one in methods.items() if group in one.by_yaw
            }
            _print(session, f"{role}, yaw {group}°", turned)


def _print(session: Session, title: str, methods: "Mapping[str, Figures]") -> None:
    """A table of methods by figures, if there are any."""
    names = list(dict.fromkeys(name for figures in methods.values() for name in figures))
    if not names:
        return
    grid = plain_table(title, *(f"{name} {_arrow(name)}" for name in names), "frames")
    for method, figures in methods.items():
        cells = [_cell(figures.get(name)) for name in names]
        counts = [figure.count for figure in figures.values()]
        grid.add_row(method, *cells, str(max(counts, default=0)))
    session.console.print(grid)
    session.say("")


def _arrow(name: str) -> str:
    lower = name in LOWER or (name in METRICS and METRICS[name].better is Better.LOWER)
    return (Better.LOWER if lower else Better.HIGHER).arrow


def _cell(figure: "Figure | None") -> str:
    if figure is None:
        return "—"
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f" ({figure.low:.3f} to {figure.high:.3f})"
    return f"{figure.value:.3f}{interval}"
