"""Datasets by name: their options read, the dataset itself made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.catalog import Catalog
from reenactor.catalog.entries import plugin_traceback
from reenactor.catalog.options import import_target, options_model, read_options
from reenactor.errors import PluginError, ReenactorError
from reenactor.manifest import DatasetInfo
from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor.spec import Position, SpecMistakesError
from reenactor.spec.document import read_document
from reenactor.spec.override import override
from reenactor.training.dataset import Dataset

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


@dataclass(frozen=True)
class Material:
    """A dataset with its checked options, not yet opened."""

    info: DatasetInfo
    options: Options
    provider: str


def find_material(catalog: Catalog, name: str, overrides: Iterable[str] = ()) -> Material:
    """A dataset by name, with options as `key=value`; relative paths are of the working folder.

    Raises:
        PluginError: there is no such dataset.
        SpecMistakesError: the options have mistakes; it names all of them.
    """
    entry = catalog.dataset(name)
    options_model(entry.info)  # a broken plugin is told of first
    here = Position(f"options of {name}", Path.cwd())
    document = override(read_document("{}", here), overrides)
    data: Any = document.data
    options, problems = read_options(entry.info, data, document.source, ())
    problems = [*document.problems, *problems]
    if options is None or problems:
        raise SpecMistakesError(problems)
    return Material(entry.info, options, str(entry.provider))


def open_dataset(material: Material, runtime: Runtime) -> Dataset[Any]:
    """Make a dataset.

    Raises:
        PluginError: it cannot be imported, is none, or its constructor failed.
        ReenactorError: what its constructor raised of our own errors: a missing folder, say.
    """
    info = material.info
    target = import_target(info.target, info)
    if not (isinstance(target, type) and issubclass(target, Dataset)):
        raise PluginError(
            f"the dataset {info.name!r} is none",
            given=info.target,
            expected="a subclass of reenactor.training.Dataset",
        )
    try:
        made: Dataset[Any] = target(material.options, runtime)
    except ReenactorError:
        raise
    except Exception as error:
        raise failed(info, "cannot be opened", error) from error
    return made


def item_names(info: DatasetInfo, dataset: Dataset[Any]) -> tuple[str, ...]:
    """The names of a dataset's items, checked.

    Raises:
        PluginError: one comes twice, or has characters that names may not have.
    """
    names = tuple(dataset.names())
    odd = [name for name in names if not name or not set(name) <= _ALLOWED]
    if odd or len(set(names)) < len(names):
        twice = _first_double(names)
        raise PluginError(
            f"the dataset {info.name!r} gives its items names that cannot be",
            given=repr(odd[0]) if odd else f"{twice!r} twice",
            expected="different names of letters, digits, '-', '_', '.' and '/'",
        )
    return names


def failed(info: DatasetInfo, what: str, error: Exception) -> PluginError:
    """What to tell of an error of a dataset's own."""
    return PluginError(
        f"the dataset {info.name!r} {what}: {type(error).__name__}: {error}",
        given=info.target,
        advice=f"tell its author:\n{plugin_traceback(error, __file__)}",
    )


def _first_double(names: Sequence[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
