"""`reenactor train`: from a config and shards to a network's weights."""

import logging
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import reenactor
from reenactor.catalog.attribution import attributed, broken
from reenactor.catalog.options import import_target, paths_in
from reenactor.errors import InputError, PluginError, UsageError, WeightsError
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.options import Options
from reenactor.progress import Progress
from reenactor.training.config import TrainingConfig
from reenactor.training.settings import TrainingSettings
from reenactor.training.shards import Shards


@dataclass(frozen=True)
class Trained:
    """What came of it."""

    weights: Path | None
    steps: int
    examples: int
    validation: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**vars(self), "weights": None if self.weights is None else str(self.weights)}


@runtime_checkable
class Train(Protocol):
    """A recipe."""

    def __call__(self, settings: TrainingSettings, options: Options, run: Any) -> Path | None: ...


def train(
    config: TrainingConfig, out: Path, device: str, progress: Progress, dry: bool = False
) -> Trained:
    """Train from the start, or go on with what `out` holds.

    Started by `torchrun`, every process calls this; together they train one network.

    Args:
        config: what and how.
        out: the training's folder.
        device: auto, cpu, cuda ….
        progress: who hears how far it is.
        dry: take a few steps and write nothing.

    Raises:
        InputError: there is no material, or none of it fits.
        WeightsError: files that the network or its losses call for are not given.
        TrainingError: a loss is NaN or infinite.
        PluginError: Lightning Fabric or TensorBoard is not installed.
        OutputError: another run trains in `out`.
    """
    require_files(config)
    fabric = _fabric(device, config.training.precision)
    writes = bool(fabric.is_global_zero) and not dry
    held: AbstractContextManager[None] = locked(out / "config.yaml") if writes else nullcontext()
    with held:
        if writes:
            _claim(config, out)
        return _trained(config, out, fabric, progress, dry)


def _trained(
    config: TrainingConfig, out: Path, fabric: Any, progress: Progress, dry: bool
) -> Trained:
    from reenactor.training.run import Run

    material = Shards(_folders(config))
    examples = material.without(config.training.validation)
    validation = material.only(config.training.validation)
    run = Run(
        fabric=fabric,
        settings=config.training,
        examples=examples,
        validation=validation,
        path=out,
        config=config.resolved(),
        header=header_of(config),
        progress=progress,
        dry=dry,
    )
    recipe = recipe_of(config)
    what = f"the recipe of {config.info.name} failed"
    with attributed(what, config.recipe.target, config.provider):
        weights = recipe(config.training, config.network, run)
    return Trained(weights, run.done, len(examples), len(validation))


def recipe_of(config: TrainingConfig) -> Train:
    """Import a recipe.

    Raises:
        PluginError: it cannot be imported, or is no function.
    """
    recipe = import_target(config.recipe.target, config.info, config.provider)
    if not isinstance(recipe, Train):
        problem = f"the recipe of {config.info.name} cannot be called"
        raise broken(problem, config.recipe.target, config.provider, "a function")
    return recipe


def _claim(config: TrainingConfig, out: Path) -> None:
    """Make sure that a training destroys nothing: its folder is new or a training's.

    Raises:
        UsageError: files of the same names are there, or one of them is read.
    """
    made = [out / "log.jsonl", out / "weights.safetensors"]
    given = [path for _, path in paths_in((config.training, config.network), defaults=True)]
    require_free([*made, out / "last.pt"], given, overwrite=True)
    if not any((out / name).exists() for name in ("config.yaml", "last.pt")):
        taken = [path.name for path in made if os.path.lexists(path)]
        if taken:
            raise UsageError(
                f"{out} holds other files, which would be replaced",
                given=", ".join(taken),
                expected="a new folder, or that of a training",
                advice="another --out",
            )


def require_files(config: TrainingConfig) -> None:
    """A training without a loss that its settings weigh, or without the renderer whose pictures
    it is about, would not be the one that was asked for.

    Raises:
        WeightsError: it names every field that lacks something.
    """
    missing = config.missing()
    if missing:
        raise WeightsError(
            f"the training of {config.info.name} lacks files of weights, or a renderer",
            given=f"no {', no '.join(missing)}",
            expected="; ".join(f"{field}: {what}" for field, what in missing.items()),
            advice="--set FIELD=VALUE; docs/weights.md says where the files come from",
        )


def header_of(config: TrainingConfig) -> Mapping[str, Any]:
    """What a weight file says of itself, so that one which does not fit can say why."""
    sides = [getattr(config.training, side, None) for side in ("height", "width")]
    return {
        "component": config.info.name,
        "network": dict(config.network.of_training()),
        "version": reenactor.__version__,
        **({"canvas": sides} if all(sides) else {}),
    }


def _folders(config: TrainingConfig) -> list[Path]:
    if not config.data:
        raise InputError(
            "there is nothing to train on",
            given="no folder of shards",
            expected="--data FOLDER, or `data:` in the config",
            advice="`reenactor prepare` makes shards of photos, videos and datasets",
        )
    return list(config.data)


def _fabric(device: str, precision: str) -> Any:
    """One process on one device, or our part of what `torchrun` started."""
    try:
        import tensorboard  # noqa: F401 - the log needs it, and only then would it be missed
        from lightning_fabric import Fabric
    except ImportError as error:
        raise PluginError(
            "training needs packages that are not installed",
            given=f"no {error.name}",
            advice="pip install 'reenactor[train]'",
        ) from error
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)  # not which precision it uses
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    world = int(os.environ.get("WORLD_SIZE", "1"))
    accelerator, _, index = device.partition(":")
    fabric = Fabric(
        accelerator=accelerator,
        devices=[int(index)] if index and accelerator != "cpu" and world == 1 else here,
        num_nodes=world // here,
        strategy="ddp" if world > 1 else "auto",
        precision=precision,  # type: ignore[arg-type]  # the settings know the names
    )
    fabric.launch()
    return fabric
