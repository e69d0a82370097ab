"""Finding plugins: the entry points are listed without importing anything, then each manifest is
imported and asked by itself, so that a broken plugin is a result and harms no other."""

import configparser
import importlib
import importlib.metadata
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import entrypoints
import pluggy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

import reenactor
from reenactor import hookspecs
from reenactor.catalog.catalog import Catalog
from reenactor.catalog.entries import (
    DatasetEntry,
    Entry,
    Failure,
    Provider,
    SpecEntry,
    plugin_traceback,
)
from reenactor.catalog.manifests import ManifestError, component_of, dataset_of, spec_of
from reenactor.errors import UsageError
from reenactor.installation import installation_error
from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo

HOME = "reenactor"
"""Our own distribution; its components answer first."""

_UNKNOWN = Provider("?", "", "?", "?")
"""Stands for a distribution whose name is not known."""


def discover(only: Collection[str] | None = None, block: Collection[str] = ()) -> Catalog:
    """Find every installed plugin and what it provides.

    Args:
        only: use no other plugins than these (distributions or entry points), where given.
        block: leave these out.

    Raises:
        UsageError: no installed plugin bears a name in `only` or `block`.
    """
    providers, failures = list_providers()
    wanted = _chosen(providers, only, block)
    components: list[Entry] = []
    specs: list[SpecEntry] = []
    datasets: list[DatasetEntry] = []
    for provider in wanted:
        try:
            answer = _ask(provider)
        except _UnusableError as error:
            failures.append(Failure(provider, str(error)))
        except (Exception, SystemExit) as error:  # a plugin may raise anything, even exit
            problem = "its manifest failed" if isinstance(error, ManifestError) else "it is broken"
            lacking = installation_error(error, (HOME, re.split("[.:]", provider.target)[0]))
            what = f"{type(error).__name__}: {error}"
            if lacking is not None:
                what = f"{lacking.problem} ({lacking.advice})"
            problem = f"{problem}: {what}"
            failures.append(Failure(provider, problem, plugin_traceback(error, __file__)))
        else:
            components += [Entry(info, provider) for info in answer.components]
            specs += [SpecEntry(info, provider) for info in answer.specs]
            datasets += [DatasetEntry(info, provider) for info in answer.datasets]
    blocked = tuple(provider for provider in providers if provider not in wanted)
    return Catalog(tuple(components), tuple(specs), tuple(failures), blocked, tuple(datasets))


def list_providers() -> tuple[list[Provider], list[Failure]]:
    """The entry points of the group, ours first; nothing is imported.

    Entry points that cannot be read come back as failures.
    """
    failures: list[Failure] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            points: Iterable[Any] = entrypoints.get_group_all(hookspecs.GROUP)
            found = [_provider(p.distro, p.name, p.module_name, p.object_name) for p in points]
        except (configparser.Error, UnicodeDecodeError, OSError) as error:
            # One unreadable entry_points.txt, of whatever package, must not hide all plugins.
            failures.append(Failure(_UNKNOWN, f"unreadable: {error}"))
            listed = importlib.metadata.entry_points(group=hookspecs.GROUP)
            found = [_provider(p.dist, p.name, p.module, p.attr) for p in listed]
    failures += [Failure(_UNKNOWN, str(warning.message)) for warning in caught]
    return sorted(set(found), key=lambda p: (p.distribution != HOME, p.distribution)), failures


def _provider(distribution: Any, name: str, module: str, attribute: str | None) -> Provider:
    known = distribution is not None
    return Provider(
        canonicalize_name(distribution.name) if known else _UNKNOWN.distribution,
        str(distribution.version or "") if known else "",
        name,
        f"{module}:{attribute}" if attribute else module,
    )


def _chosen(
    providers: list[Provider], only: Collection[str] | None, block: Collection[str]
) -> list[Provider]:
    names = {name for p in providers for name in (p.distribution, p.entry_point)}
    unknown = {*(only or ()), *block} - names
    if unknown:
        raise UsageError(
            "there is no such plugin",
            given=", ".join(sorted(unknown)),
            expected=f"of those installed: {', '.join(sorted(names))}",
        )

    def named(provider: Provider, by: Collection[str]) -> bool:
        return provider.distribution in by or provider.entry_point in by

    return [p for p in providers if (only is None or named(p, only)) and not named(p, block)]


class _UnusableError(Exception):
    """A plugin that must not even be imported."""


@dataclass(frozen=True)
class _Answer:
    """What a manifest says, checked."""

    components: list[ComponentInfo]
    specs: list[SpecInfo]
    datasets: list[DatasetInfo]


def _ask(provider: Provider) -> _Answer:
    """Import one manifest and call its hooks, checking what they say.

    Each plugin has a pluggy manager of its own: registering is undone by forgetting it, and no
    hook of one plugin is ever called, wrapped or slowed by another.
    """
    _check_version(provider)
    module, _, attribute = provider.target.partition(":")
    manifest: Any = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        manifest = getattr(manifest, name)
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(manifest, provider.entry_point)
    manager.check_pending()
    if not manager.get_hookcallers(manifest):
        raise ManifestError(
            "no function of the manifest is marked with reenactor.hookspecs.hookimpl"
        )
    hook = manager.hook
    components = [component_of(v) for given in hook.reenactor_components() for v in given]
    specs = [spec_of(v) for given in hook.reenactor_specs() for v in given]
    datasets = [dataset_of(v) for given in hook.reenactor_datasets() for v in given]
    _once("", (" ".join(info.key) for info in components))
    _once("spec ", (info.name for info in specs))
    _once("dataset ", (info.name for info in datasets))
    return _Answer(components, specs, datasets)


def _once(what: str, names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise ManifestError(f"the manifest names {what}{name} twice")
        seen.add(name)


def _check_version(provider: Provider) -> None:
    """Compare what the distribution requires of us with what we are, before importing it."""
    if provider.distribution in (_UNKNOWN.distribution, HOME):
        return
    for requirement in _requirements(provider.distribution):
        if canonicalize_name(requirement.name) != HOME or not _applies(requirement):
            continue
        if not requirement.specifier.contains(reenactor.__version__, prereleases=True):
            raise _UnusableError(
                f"{provider} requires reenactor{requirement.specifier}, "
                f"and this is reenactor {reenactor.__version__}"
            )


def _requirements(distribution: str) -> Iterator[Requirement]:
    try:
        texts = importlib.metadata.distribution(distribution).requires or []
    except importlib.metadata.PackageNotFoundError:
        return
    for text in texts:
        try:
            yield Requirement(text)
        except InvalidRequirement:
            continue  # its installer complains; it says nothing of us


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
