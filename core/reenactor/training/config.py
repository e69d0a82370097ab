"""What to train and how: a component's network, a recipe's settings, the material.

```yaml
network: {size: small}                      # the component's options, all but `weights`
training: {batch: 8, steps: 20000}          # the recipe's settings
data: [shards/ccp, shards/people]           # folders that `reenactor prepare` made
```
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reenactor
from reenactor.catalog import Catalog, ComponentEntry, Provider
from reenactor.catalog.attribution import attributed, broken
from reenactor.catalog.entries import UNKNOWN
from reenactor.catalog.options import import_target, read_options, read_values
from reenactor.errors import PluginError, UsageError
from reenactor.manifest import ComponentInfo, RecipeInfo
from reenactor.options import Options
from reenactor.spec import LoadedSpec, Position, Problem, SpecMistakesError
from reenactor.spec.document import Document
from reenactor.spec.load import absolute, open_document
from reenactor.spec.override import override
from reenactor.spelling import did_you_mean
from reenactor.training.settings import TrainingSettings

SECTIONS = ("network", "training", "data")


@dataclass(frozen=True)
class TrainingConfig:
    """A training that could begin."""

    info: ComponentInfo
    recipe: RecipeInfo
    network: Options
    training: TrainingSettings
    data: tuple[Path, ...]
    provider: Provider = UNKNOWN

    def missing(self) -> dict[str, str]:
        """Files that the network and the losses call for and nobody gave, by their fields, each
        with what is expected there."""
        own = {f"network.{key}": what for key, what in self.network.missing().items()}
        own.pop("network.weights", None)  # what is trained
        return own | {f"training.{key}": what for key, what in self.training.missing().items()}

    def resolved(self) -> dict[str, Any]:
        """Everything that it depends on, as plain values."""
        return {
            "reenactor": reenactor.__version__,
            "component": self.info.name,
            "network": self.network.model_dump(mode="json", exclude={"weights"}),
            "training": self.training.model_dump(mode="json"),
            "data": [str(path) for path in self.data],
        }


def find_recipe(catalog: Catalog, name: str) -> tuple[ComponentEntry, RecipeInfo]:
    """The component of that name that can be trained.

    Raises:
        PluginError: there is none.
    """
    able = {e.info.name: e for e in catalog.components if e.info.recipe is not None}
    entry = able.get(name)
    if entry is None or entry.info.recipe is None:
        raise PluginError(
            "no component of that name can be trained",
            given=name,
            expected=f"one of {', '.join(sorted(able)) or 'none'}",
            advice=did_you_mean(name, sorted(able)),
        )
    return entry, entry.info.recipe


def load_config(
    catalog: Catalog,
    component: str,
    config: str = "",
    overrides: Iterable[str] = (),
    data: Iterable[Path] = (),
    spec: LoadedSpec | None = None,
) -> TrainingConfig:
    """Read a training's config and find every mistake in it.

    Args:
        catalog: what is installed.
        component: whose network.
        config: one of the recipe's configs by name, or a YAML file; the recipe's first if empty.
        overrides: `training.batch_size=4`, applied in order.
        data: folders of shards, instead of those that the config names.
        spec: take the network's options from here, so that it will fit this spec.

    Raises:
        SpecMistakesError: every mistake at once.
        SpecError, PluginError: there is no such config or recipe.
    """
    entry, recipe = find_recipe(catalog, component)
    info, provider = entry.info, entry.provider
    named = dict(recipe.configs)
    config = config or recipe.configs[0][0]
    what = f"the config {config!r} of {info.name} cannot be read"
    with attributed(what, named.get(config, recipe.target), provider):
        document = open_document(config, named, "training config")
    document = override(document, overrides)
    problems = [*document.problems, *_unknown(document), *_misshapen(document)]
    values: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
    values = {key: _shaped(key, value) for key, value in values.items()}
    network_values = dict(values.get("network") or {})
    if spec is not None:
        network_values |= _options_of(spec, info)
    network, found = read_options(info, network_values, document.source, ("network",), provider)
    problems += found
    model = settings_model(info, recipe, provider)
    given = values.get("training") or {}
    what = f"the settings of {info.name}'s recipe cannot be read"
    with attributed(what, recipe.settings, provider):
        training, found = read_values(model, given, document.source, ("training",))
    problems += found
    if problems or network is None or training is None:
        raise SpecMistakesError(problems)
    folder = document.source.value(("data",)).folder
    listed = tuple(absolute(Path(str(p)), folder) for p in values.get("data") or ())
    return TrainingConfig(info, recipe, network, training, tuple(data) or listed, provider)


def settings_model(
    info: ComponentInfo, recipe: RecipeInfo, provider: Provider
) -> type[TrainingSettings]:
    """Import the model of a recipe's settings.

    Raises:
        PluginError: it cannot be imported, or is none.
    """
    model = import_target(recipe.settings, info, provider)
    if not (isinstance(model, type) and issubclass(model, TrainingSettings)):
        problem = f"the settings of {info.name}'s recipe are none"
        expected = f"a subclass of {TrainingSettings.__module__}.{TrainingSettings.__name__}"
        raise broken(problem, recipe.settings, provider, expected)
    return model


def _unknown(document: Document) -> list[Problem]:
    if not isinstance(document.data, dict):
        return [Problem("a training config is a mapping", document.source.root)]
    return [
        Problem(
            "is no part of a training config",
            _position(document, key),
            (str(key),),
            expected=", ".join(SECTIONS),
            advice=did_you_mean(str(key), SECTIONS),
        )
        for key in document.data
        if key not in SECTIONS
    ]


def _misshapen(document: Document) -> list[Problem]:
    """Sections that are something else than they must be."""
    values = document.data if isinstance(document.data, dict) else {}
    return [
        Problem(
            "must be a list of folders" if key == "data" else "must be a mapping",
            document.source.value((key,)),
            (key,),
            given=str(value),
        )
        for key, value in values.items()
        if key in SECTIONS and value is not None and _shaped(key, value) is None
    ]


def _shaped(key: str, value: Any) -> Any:
    """A section's value, or None where it is something else than it must be."""
    if key == "data":
        sound = isinstance(value, list) and all(isinstance(one, str | int | float) for one in value)
    else:
        sound = isinstance(value, dict)
    return value if sound else None


def _position(document: Document, key: Any) -> Position:
    return document.source.key((str(key),))


def _options_of(spec: LoadedSpec, info: ComponentInfo) -> dict[str, Any]:
    """What a spec says of the component, but for its weights."""
    for _, role, choice in spec.spec.choices():
        if role is info.role and choice.use == info.name:
            return {key: value for key, value in choice.options.items() if key != "weights"}
    raise UsageError(
        f"the spec does not use {info.name}",
        given=spec.name,
        expected=f"{info.role}: {info.name}",
    )
