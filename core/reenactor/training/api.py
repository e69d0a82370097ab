"""Preparing shards and training networks from Python: `reenactor.prepare` and `reenactor.train`."""

from collections.abc import Iterable
from pathlib import Path

from reenactor.api import PathLike, Setup
from reenactor.progress import Progress, Silent
from reenactor.runtime import float32_by_default
from reenactor.training import prepare as preparing
from reenactor.training import train as training
from reenactor.training.config import load_config
from reenactor.training.prepare import PrepareRequest, PrepareResult
from reenactor.training.train import Trained


@float32_by_default()
def prepare(
    dataset: str,
    output: PathLike,
    *,
    options: Iterable[str] = (),
    spec: str = "default",
    canvas: tuple[int, int] = (512, 320),
    background: bool = False,
    limit: int | None = None,
    per_shard: int = 64,
    workers: int = 1,
    ray: bool = False,
    overwrite: bool = False,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> PrepareResult:
    """Make training examples of a dataset, in shards for `train`.

    An interrupted call continues where it stopped: call it again with the same arguments.

    Args:
        dataset: its name: `ccp`, `photos`, `videos` …
        output: the folder of the shards.
        options: the dataset's options, such as `folder=photos`.
        spec: the spec whose parser and pose estimators find what the dataset does not say.
        canvas: height and width of the examples, in pixels.
        background: also paint the person out of each picture; slow.
        limit: take only the first so many items.
        per_shard: items in each file.
        workers: processes, at most one for each core.
        ray: let Ray share the work out.
        overwrite: replace shards of other settings.
        setup: device, seed, plugins and weights; `Setup()` by default.
        progress: is told about stages and notes; nobody by default.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    request = PrepareRequest(
        dataset=dataset,
        folder=Path(output),
        options=tuple(options),
        spec=spec,
        canvas=canvas,
        background=background,
        limit=limit,
        per_shard=per_shard,
        workers=workers,
        ray=ray,
        overwrite=overwrite,
    )
    return preparing.prepare(Setup.of(setup), request, progress or Silent())


@float32_by_default()
def train(
    component: str,
    output: PathLike,
    *,
    data: Iterable[PathLike] = (),
    config: str = "",
    overrides: Iterable[str] = (),
    spec: str | None = None,
    dry_run: bool = False,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train the network of a component.

    A training that was stopped continues from its last checkpoint, with the same result as if it
    had not been stopped: call it again with the same arguments.

    Args:
        component: its name: `p2b`, `b2f`, `fr` …
        output: the training's folder.
        data: folders of shards that `prepare` made; by default those that the config names.
        config: a config of the recipe by name, or a YAML file; by default the recipe's first.
        overrides: changes to the config, such as `training.batch_size=4`.
        spec: take the network's options from this spec.
        dry_run: take a few steps and write nothing.
        setup: device, plugins and weights; `Setup()` by default.
        progress: is told about stages and notes; nobody by default.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    setup = Setup.of(setup)
    setup.runtime()  # refuses a device that is not available
    loaded = None if spec is None else setup.catalog.draft(spec).complete()
    folders = [Path(folder) for folder in data]
    settings = load_config(setup.catalog, component, config, overrides, folders, loaded)
    return training.train(settings, Path(output), setup.device, progress or Silent(), dry_run)
