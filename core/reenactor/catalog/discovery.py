"""Finds plugins. Entry points are listed without importing anything; then each manifest is imported
in isolation, so that a broken plugin is reported and does not affect the others."""

import importlib
import importlib.metadata
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import entrypoints
import pluggy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

import reenactor
from reenactor import hookspecs
from reenactor.catalog.attribution import one_line
from reenactor.catalog.catalog import Catalog
from reenactor.catalog.entries import (
    HOME,
    ComponentEntry,
    DatasetEntry,
    Failure,
    Provider,
    SpecEntry,
    plugin_traceback,
    printable,
)
from reenactor.catalog.isolation import isolated
from reenactor.catalog.manifests import ManifestError, at_most, component_of, dataset_of, spec_of
from reenactor.errors import UsageError
from reenactor.installation import installation_error
from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo


def discover(only: Collection[str] | None = None, block: Collection[str] = ()) -> Catalog:
    """Find every installed plugin and what it provides.

    Args:
        only: if given, use only these plugins (names of distributions or entry points).
        block: plugins to leave out.

    Raises:
        UsageError: a name in `only` or `block` matches no installed plugin.
    """
    providers, failures = list_providers()
    wanted = _chosen(providers, only, block)
    components: list[ComponentEntry] = []
    specs: list[SpecEntry] = []
    datasets: list[DatasetEntry] = []
    for provider in wanted:
        package = re.split("[.:]", provider.target)[0]
        try:
            with isolated(package):
                answer = _ask(provider)
        except _UnusableError as error:
            failures.append(Failure(provider, str(error)))
        except KeyboardInterrupt:  # the user's, see `isolated`
            raise
        except BaseException as error:  # a plugin may raise anything, even SystemExit
            problem = (
                "importing its manifest failed"
                if isinstance(error, ManifestError)
                else "it is broken"
            )
            broken = installation_error(error, (HOME, package))
            what = one_line(error) if broken is None else f"{broken.problem} ({broken.advice})"
            failures.append(Failure(provider, f"{problem}: {what}", plugin_traceback(error)))
        else:
            components += [ComponentEntry(info, provider) for info in answer.components]
            specs += [SpecEntry(info, provider) for info in answer.specs]
            datasets += [DatasetEntry(info, provider) for info in answer.datasets]
    blocked = tuple(provider for provider in providers if provider not in wanted)
    return Catalog(tuple(components), tuple(specs), tuple(failures), blocked, tuple(datasets))


def list_providers() -> tuple[list[Provider], list[Failure]]:
    """The entry points of the group, built-ins first. Imports nothing.

    Distributions are read one by one; those that cannot be read are returned as failures.
    """
    found: dict[Provider, None] = {}
    failures: dict[Failure, None] = {}
    seen: set[str] = set()
    for distribution in importlib.metadata.distributions():
        place = str(getattr(distribution, "_path", ""))
        if place and place in seen:
            continue  # its folder is on the path twice
        seen.add(place)
        try:
            written = _entry_points(distribution)
            if not written:
                continue
            name, version = _named(distribution)
        except Exception as error:  # damaged metadata may raise anything
            where = Provider(Path(place).name, "", "?", "?")
            failures[Failure(where, f"unreadable: {one_line(error)} ({place})")] = None
            continue
        if name in seen:
            continue  # shadowed by one of the same name earlier on the path
        seen.add(name)
        for key, text in written.items():
            try:
                point = entrypoints.EntryPoint.from_string(text, key)
            except entrypoints.BadEntryPoint as error:
                failures[Failure(Provider(name, version, key, text), str(error))] = None
            else:
                names = filter(None, (point.module_name, point.object_name))
                found[Provider(name, version, key, ":".join(names))] = None
    providers = sorted(found, key=lambda p: (p.distribution != HOME, p.distribution))
    return providers, list(failures)


def _entry_points(distribution: importlib.metadata.Distribution) -> Mapping[str, str]:
    """A distribution's entry points in our group, by name.

    Raises:
        Exception: the file cannot be read.
    """
    folder: Any = getattr(distribution, "_path", None)
    if folder is None:
        text = distribution.read_text("entry_points.txt") or ""
    else:  # unlike `entry_points`, this distinguishes an unreadable file from a missing one
        try:
            text = (folder / "entry_points.txt").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError, KeyError):
            return {}
    parser = entrypoints.CaseSensitiveConfigParser(delimiters=("=",), interpolation=None)
    parser.read_string(text)
    return dict(parser[hookspecs.GROUP]) if hookspecs.GROUP in parser else {}


def _named(distribution: importlib.metadata.Distribution) -> tuple[str, str]:
    """Name and version of a distribution, from its own metadata."""
    metadata = distribution.metadata
    name, version = (metadata.get_all(field) or [""] for field in ("Name", "Version"))
    if not name[0] or not version[0]:
        field = "version" if name[0] else "name"
        raise ValueError(f"its METADATA is missing or has no {field}: reinstall it")
    return canonicalize_name(printable(name[0])), printable(version[0])


def _chosen(
    providers: list[Provider], only: Collection[str] | None, block: Collection[str]
) -> list[Provider]:
    names = {name for p in providers for name in (p.distribution, p.entry_point)}
    unknown = {*(only or ()), *block} - names
    if unknown:
        raise UsageError(
            "no such plugin",
            given=", ".join(sorted(unknown)),
            expected=f"one of the installed plugins: {', '.join(sorted(names))}",
        )

    def named(provider: Provider, by: Collection[str]) -> bool:
        return provider.distribution in by or provider.entry_point in by

    return [p for p in providers if (only is None or named(p, only)) and not named(p, block)]


class _UnusableError(Exception):
    """A plugin that must not be imported."""


@dataclass(frozen=True)
class _Answer:
    """The checked contents of a manifest."""

    components: list[ComponentInfo]
    specs: list[SpecInfo]
    datasets: list[DatasetInfo]


def _ask(provider: Provider) -> _Answer:
    """Import a manifest, call its hooks, and check what they return.

    Each plugin gets its own pluggy manager, so that no plugin can call, wrap or slow down the hooks
    of another.
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
        raise ManifestError("the manifest has no function marked with reenactor.hookspecs.hookimpl")
    hook = manager.hook
    components = [component_of(v) for v in _given(hook.reenactor_components)]
    specs = [spec_of(v) for v in _given(hook.reenactor_specs)]
    datasets = [dataset_of(v) for v in _given(hook.reenactor_datasets)]
    _once("", (" ".join(info.key) for info in components))
    _once("spec ", (info.name for info in specs))
    _once("dataset ", (info.name for info in datasets))
    return _Answer(components, specs, datasets)


def _given(hook: Any) -> list[Any]:
    """The values that a hook's implementation returns; there is at most one implementation."""
    answers = hook()
    if not hook.get_hookimpls():
        return []
    answer = answers[0] if answers else None  # pluggy drops None
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        given = type(answer).__name__
        raise ManifestError(f"{hook.name} must return a list, not {given}")
    try:
        return at_most(answer)
    except ManifestError as error:
        raise ManifestError(f"{hook.name} returned {error}") from None


def _once(what: str, names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise ManifestError(f"the manifest lists {what}{name} twice")
        seen.add(name)


def _check_version(provider: Provider) -> None:
    """Check the version of reenactor that the distribution requires, before importing it."""
    if provider.distribution == HOME:
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
            continue  # the installer reports it; it does not concern reenactor


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
