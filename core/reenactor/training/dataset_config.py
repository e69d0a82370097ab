"""Datasets by name: their options read, the dataset itself made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from inspect import isabstract
from pathlib import Path
from typing import Any

from reenactor.catalog import Catalog
from reenactor.catalog.attribution import attributed, broken
from reenactor.catalog.entries import UNKNOWN, Provider
from reenactor.catalog.options import import_target, options_model, read_options
from reenactor.errors import PluginError
from reenactor.manifest import DatasetInfo
from reenactor.options import Options
from reenactor.runtime import Runtime
from reenactor.spec import Position, SpecMistakesError
from reenactor.spec.document import read_document
from reenactor.spec.override import override
from reenactor.training.dataset import Dataset

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


@dataclass(frozen=True)
class DatasetConfig:
    """A dataset with its checked options, not yet opened."""

    info: DatasetInfo
    options: Options
    provider: str
    author: Provider = UNKNOWN
    """Whose it is, where that is known; `provider` says so in records."""


def find_dataset(catalog: Catalog, name: str, overrides: Iterable[str] = ()) -> DatasetConfig:
    """A dataset by name, with options as `key=value`; relative paths are of the working folder.

    Raises:
        PluginError: there is no such dataset.
        SpecMistakesError: the options have mistakes; it names all of them.
    """
    entry = catalog.dataset(name)
    options_model(entry.info, entry.provider)  # a broken plugin is told of first
    here = Position(f"options of {name}", Path.cwd())
    document = override(read_document("{}", here), overrides)
    data: Any = document.data
    options, problems = read_options(entry.info, data, document.source, (), entry.provider)
    problems = [*document.problems, *problems]
    if options is None or problems:
        raise SpecMistakesError(problems)
    return DatasetConfig(entry.info, options, str(entry.provider), entry.provider)


def open_dataset(config: DatasetConfig, runtime: Runtime) -> Dataset[Any]:
    """Make a dataset.

    Raises:
        PluginError: it cannot be imported, is none, or its constructor failed.
        ReenactorError: what its constructor raised of our own errors: a missing folder, say.
    """
    info = config.info
    target = dataset_class(info, config.author)
    with attributed(f"the dataset {info.name!r} cannot be opened", info.target, config.author):
        return target(config.options, runtime)


def dataset_class(info: DatasetInfo, provider: Provider = UNKNOWN) -> type[Dataset[Any]]:
    """Import a dataset's class.

    Raises:
        PluginError: it cannot be imported, is none, or leaves a method out.
    """
    target = import_target(info.target, info, provider)
    if not (isinstance(target, type) and issubclass(target, Dataset)):
        expected = "a subclass of reenactor.training.Dataset"
        raise broken(f"the dataset {info.name!r} is none", info.target, provider, expected)
    if isabstract(target):
        abstract = ", ".join(sorted(target.__abstractmethods__))
        problem = f"the dataset {info.name!r} is abstract: it does not implement {abstract}"
        raise broken(problem, info.target, provider, "`names` and `shots`")
    return target


def item_names(
    info: DatasetInfo, dataset: Dataset[Any], provider: Provider = UNKNOWN
) -> tuple[str, ...]:
    """The names of a dataset's items, checked.

    Raises:
        PluginError: one comes twice, or has characters that names may not have.
    """
    with attributed(f"the dataset {info.name!r} cannot name its items", info.target, provider):
        names = tuple(dataset.names())
    odd = [n for n in names if not isinstance(n, str) or not n or not set(n) <= _ALLOWED]
    if odd or len(set(names)) < len(names):
        twice = _first_double(names)
        raise PluginError(
            f"the dataset {info.name!r} gives its items names that cannot be",
            given=repr(odd[0]) if odd else f"{twice!r} twice",
            expected="different names of letters, digits, '-', '_', '.' and '/'",
        )
    return names


def _first_double(names: Sequence[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
