"""Imports and validates the options of components and datasets, without torch."""

import importlib
import json
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import DEFAULT_REF_TEMPLATE
from pydantic_core import to_json

from reenactor.catalog.attribution import attributed, broken
from reenactor.catalog.entries import UNKNOWN, Provider
from reenactor.manifest import ComponentInfo, DatasetInfo
from reenactor.options import Options
from reenactor.spec.load import absolute
from reenactor.spec.mistakes import mistakes
from reenactor.spec.problem import Problem
from reenactor.spec.source import FieldPath, Source

M = TypeVar("M", bound=BaseModel)


Described = ComponentInfo | DatasetInfo
"""Anything with options."""


def import_target(target: str, info: Described, provider: Provider = UNKNOWN) -> Any:
    """Import an object that a manifest names as "package.module:Name".

    Raises:
        PluginError: the import failed; its cause is the exception of the plugin's module.
    """
    module, _, name = target.partition(":")
    what = f"the {called(info)} cannot be imported"
    with attributed(what, target, provider, importing=True):
        return getattr(importlib.import_module(module), name)


def options_model(info: Described, provider: Provider = UNKNOWN) -> type[Options]:
    """Import the options model of a component or dataset.

    Raises:
        PluginError: it cannot be imported, or does not subclass `Options`.
    """
    model = import_target(info.options, info, provider)
    if not (isinstance(model, type) and issubclass(model, Options)):
        raise broken(
            f"the options of the {called(info)} must subclass reenactor.options.Options, "
            f"not {type(model).__name__}",
            info.options,
            provider,
        )
    if "use" in model.model_fields:
        problem = f"the {called(info)} has an option 'use', which names the component itself"
        raise broken(problem, info.options, provider)
    return model


def called(info: Described) -> str:
    kind = info.role if isinstance(info, ComponentInfo) else "dataset"
    return f"{kind} {info.name!r}"


def read_options(
    info: Described,
    values: Mapping[str, Any],
    source: Source,
    under: FieldPath,
    provider: Provider = UNKNOWN,
) -> tuple[Options | None, list[Problem]]:
    """Validate the values that a spec gives for a component's options.

    Validation is strict, as for JSON: "512" is not a number and 1 is not a boolean. Relative paths
    become absolute, relative to where they were written.

    Args:
        info: the component or dataset.
        values: the values in the spec.
        source: positions in the spec file.
        under: the field of the spec that names the component.
        provider: the plugin that provides it.

    Returns:
        The options, or None and all mistakes in them.

    Raises:
        PluginError: the options model cannot be imported, or a validator of it fails.
    """
    model = options_model(info, provider)
    what = f"the options of the {called(info)} cannot be read"
    with attributed(what, info.options, provider):
        options, problems = read_values(model, values, source, under)
        if options is not None:
            _ask(options, info)
    return options, problems


def _ask(options: Options, info: Described) -> None:
    """Call all methods of the options once, so that failures surface now and not during the run."""
    weights = info.weights if isinstance(info, ComponentInfo) else ()
    wanted = options.required_weights(frozenset(weight.name for weight in weights))
    if not isinstance(wanted, Set):
        raise TypeError(f"`required_weights` must return a frozenset, not {type(wanted).__name__}")
    if not isinstance(options.missing(), Mapping):
        raise TypeError("`missing` must return a mapping")
    json.dumps([options.model_dump(mode="json"), dict(options.of_training())])


def options_schema(
    info: Described, provider: Provider = UNKNOWN, reference: str = DEFAULT_REF_TEMPLATE
) -> dict[str, Any]:
    """The JSON schema of a component's or dataset's options; `reference` is the template of `$ref`.

    Raises:
        PluginError: the options model cannot be imported, or has no schema.
    """
    model = options_model(info, provider)
    with attributed(f"the options of the {called(info)} have no schema", info.options, provider):
        schema = model.model_json_schema(ref_template=reference)
        json.dumps(schema)  # a default may not be representable in JSON
        return schema


def read_values(
    model: type[M], values: Mapping[str, Any], source: Source, under: FieldPath
) -> tuple[M | None, list[Problem]]:
    """Like `read_options`, but for any model, such as the settings of a recipe."""
    try:
        options = model.model_validate_json(to_json(dict(values)), strict=True)
    except ValidationError as error:
        return None, mistakes(error, model, dict(values), source, under)
    return _with_paths(options, source, under), []


def paths_in(
    value: Any, under: FieldPath = (), defaults: bool = False
) -> Iterator[tuple[FieldPath, Path]]:
    """All paths that a spec sets among options, by field; with `defaults`, also default values."""
    if isinstance(value, Path):
        yield under, value
    elif isinstance(value, BaseModel):
        for name in sorted(type(value).model_fields if defaults else value.model_fields_set):
            yield from paths_in(getattr(value, name), (*under, name), defaults)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from paths_in(item, (*under, str(key)), defaults)
    elif isinstance(value, tuple | list | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        for index, item in enumerate(items):
            yield from paths_in(item, (*under, index), defaults)


def _with_paths(model: M, source: Source, under: FieldPath) -> M:
    update = {
        name: _absolute(getattr(model, name), source, (*under, name))
        for name in model.model_fields_set
    }
    return model.model_copy(update=update)


def _absolute(value: Any, source: Source, under: FieldPath) -> Any:
    if isinstance(value, Path):
        return absolute(value, source.value(under).folder)
    if isinstance(value, BaseModel):
        return _with_paths(value, source, under)
    if isinstance(value, tuple | list):
        return type(value)(_absolute(item, source, (*under, i)) for i, item in enumerate(value))
    return value
