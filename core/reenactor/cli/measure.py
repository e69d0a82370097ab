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

if TYPE_CHECKING:
    from reenactor.evaluation.aggregate import Figure

app = command_app()

ARROWS = {
    "ssbs": "↑",
    "ssis": "↑",
    "body-shape": "↓",
    "body-width-cross": "↓",
    "psnr-person": "↑",
    "ssim-person": "↑",
    "perceptual-person": "↓",
    "mask-l1": "↓",
    "identity": "↑",
}


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
    identity: Identity = None,
    identity_scale: IdentityScale = "signed",
    features: Features = None,
    features_input: FeaturesInput = "imagenet",
    device: Device = "auto",
    threads: Threads = 1,
    seed: Annotated[int, typer.Option(min=0, help="For confidence intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure body generators, frame renderers and face refiners separately.

    Each receives the ground truth instead of the others' output, so that their errors do not add
    up. Examples must show a person at least twice.
    """
    require_known_inputs(identity_scale, features_input)
    session = Session(context, as_json)
    from reenactor.evaluation.networks import onnx_embedder
    from reenactor.evaluation.parts import measure_parts
    from reenactor.metrics.perceptual import load_perceptual
    from reenactor.training.shards import Shards

    setup = session.setup(device, threads, seed)
    examples = Shards(shards)
    if only:
        examples = examples.only(only)
    embedder = None if identity is None else onnx_embedder(identity, identity_scale)  # type: ignore[arg-type]
    network = None
    if features is not None:
        network = load_perceptual(features, features_input).to(setup.runtime().device)  # type: ignore[arg-type]
    made = measure_parts(setup, specs, examples, embedder, session.progress, network)
    if as_json:
        session.answer(
            {
                role: {
                    name: {metric: vars(figure) for metric, figure in figures.items()}
                    for name, figures in methods.items()
                }
                for role, methods in made.items()
            }
        )
        return
    for role, methods in made.items():
        names = list(dict.fromkeys(name for figures in methods.values() for name in figures))
        if not names:
            continue
        grid = plain_table(role, *(f"{name} {ARROWS[name]}" for name in names), "frames")
        for method, figures in methods.items():
            cells = [_cell(figures.get(name)) for name in names]
            counts = [figure.count for figure in figures.values()]
            grid.add_row(method, *cells, str(max(counts, default=0)))
        session.console.print(grid)
        session.say("")


def _cell(figure: "Figure | None") -> str:
    if figure is None:
        return "—"
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f" ({figure.low:.3f} to {figure.high:.3f})"
    return f"{figure.value:.3f}{interval}"
