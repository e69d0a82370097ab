"""A component's options: its model, imported without torch, and the values a spec gives them."""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from reenactor.catalog.entries import plugin_traceback
from reenactor.errors import PluginError
from reenactor.installation import installation_error
from reenactor.manifest import ComponentInfo, DatasetInfo
from reenactor.options import Options
from reenactor.spec.load import absolute
from reenactor.spec.mistakes import mistakes
from reenactor.spec.problem import Problem
from reenactor.spec.source import FieldPath, Source

M = TypeVar("M", bound=BaseModel)


Described = ComponentInfo | DatasetInfo
"""What has options."""


def import_target(target: str, info: Described) -> Any:
    """Import what a manifest names as "package.module:Name".

    Raises:
        PluginError: it cannot be imported; the message holds the traceback.
    """
    module, _, name = target.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:  # a plugin's module may raise anything
        lacking = installation_error(error, ("reenactor", module.split(".")[0]))
        if lacking is not None:
            raise PluginError(
                f"the {_called(info)} cannot be imported: {lacking.problem}",
                given=lacking.given,
                expected=lacking.expected,
                advice=lacking.advice,
            ) from error
        raise PluginError(
            f"the {_called(info)} cannot be imported: {type(error).__name__}: {error}",
            given=target,
            advice=f"tell its author:\n{plugin_traceback(error, __file__)}",
        ) from error


def options_model(info: Described) -> type[Options]:
    """Import the model of a component's or dataset's options.

    Raises:
        PluginError: it cannot be imported, or is no `Options`.
    """
    model = import_target(info.options, info)
    if not (isinstance(model, type) and issubclass(model, Options)):
        raise PluginError(
            f"the options of the {_called(info)} are no reenactor.options.Options",
            given=f"{info.options}, a {type(model).__name__}",
        )
    if "use" in model.model_fields:
        raise PluginError(
            f"the {_called(info)} has an option 'use', which names the component itself",
            given=info.options,
        )
    return model


def _called(info: Described) -> str:
    kind = info.role if isinstance(info, ComponentInfo) else "dataset"
    return f"{kind} {info.name!r}"


def read_options(
    info: Described, values: Mapping[str, Any], source: Source, under: FieldPath
) -> tuple[Options | None, list[Problem]]:
    """Check the values that a spec gives for a component's options.

    Values are read as JSON is, strictly: "512" is no number and 1 is no boolean. Relative paths
    become absolute, as seen from where they were written.

    Args:
        info: the component or dataset.
        values: what the spec says.
        source: where the spec was written.
        under: the field of the spec that names the component.

    Returns:
        The options, or None and every mistake in them.

    Raises:
        PluginError: the options' model cannot be imported.
    """
    return read_values(options_model(info), values, source, under)


def read_values(
    model: type[M], values: Mapping[str, Any], source: Source, under: FieldPath
) -> tuple[M | None, list[Problem]]:
    """The same for any model: the settings of a recipe, say."""
    try:
        options = model.model_validate_json(to_json(dict(values)), strict=True)
    except ValidationError as error:
        return None, mistakes(error, model, dict(values), source, under)
    return _with_paths(options, source, under), []


def paths_in(value: Any, under: FieldPath = ()) -> Iterator[tuple[FieldPath, Path]]:
    """Every path that a spec gave among options, with its field."""
    if isinstance(value, Path):
        yield under, value
    elif isinstance(value, BaseModel):
        for name in sorted(value.model_fields_set):
            yield from paths_in(getattr(value, name), (*under, name))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from paths_in(item, (*under, index))


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
