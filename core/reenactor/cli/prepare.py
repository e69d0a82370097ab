"""`reenactor prepare`: photos, videos and datasets become training examples in shards."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, SpecOption
from reenactor.cli.session import AsJson, Session, Threads

app = command_app()

SHOWN = 5
"""How many of the skipped are named on the terminal; `shards.json` names all."""


@app.command()
def prepare(
    context: Context,
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="What is read: ccp, photos, videos …")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the shards.")],
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--set", "-s", metavar="KEY=VALUE", help="An option of the dataset: folder=photos."
        ),
    ] = None,
    spec: SpecOption = "default",
    height: Annotated[int, typer.Option(min=64, max=4096, help="Of the canvas, in pixels.")] = 512,
    width: Annotated[int, typer.Option(min=64, max=4096, help="Of the canvas, in pixels.")] = 320,
    background: Annotated[
        bool,
        typer.Option("--background", help="Paint the person out of each picture too: slow."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Take the first N items only.")
    ] = None,
    per_shard: Annotated[
        int, typer.Option(min=1, metavar="N", help="Items in each file; one is lost at most.")
    ] = 64,
    workers: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Processes that work at once, at most one for each core."
        ),
    ] = 1,
    ray: Annotated[
        bool, typer.Option("--ray", help="Let Ray share the work out, to other machines too.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a picture of some examples, to look at.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace shards of other settings, and a sheet.")
    ] = False,
    device: Device = "auto",
    threads: Threads = 1,
    as_json: AsJson = False,
) -> None:
    """Make training examples of a dataset, in shards for `reenactor train`.

    What the dataset does not know is found by the spec's parser and pose estimators. What was
    made before is kept: the same command goes on where it stopped.
    """
    session = Session(context, as_json)
    from reenactor.media.lock import locked
    from reenactor.media.outputs import require_free
    from reenactor.training.prepare import PrepareRequest
    from reenactor.training.prepare import prepare as perform

    sheets = [] if sheet is None else [sheet]
    require_free(sheets, overwrite=overwrite)
    request = PrepareRequest(
        dataset=dataset,
        folder=out,
        options=tuple(options or ()),
        spec=spec,
        canvas=(height, width),
        background=background,
        limit=limit,
        per_shard=per_shard,
        workers=workers,
        ray=ray,
        overwrite=overwrite,
    )
    with locked(*sheets):
        made = perform(session.setup(device, threads), request, session.progress)
        for path in sheets:
            _draw(out, path)
    if as_json:
        session.answer(made.as_json())
        return
    if made.skipped:
        for one in made.skipped[:SHOWN]:
            session.note(f"{one.name}: {one.why}")
        session.note(f"{len(made.skipped)} skipped in all; {out / 'shards.json'} names each")
    before = f", {made.found} of the items done before" if made.found else ""
    session.say(
        f"{out}: {made.examples} examples of {made.items} items in {made.shards} shards{before}"
    )


def _draw(folder: Path, sheet: Path) -> None:
    from reenactor.media.photo import write_photo
    from reenactor.training.shards import Shards
    from reenactor.training.sheet import sheet_of

    write_photo(sheet, sheet_of(Shards([folder])))
