"""The catalog of installed plugins, and of packages that could be installed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reenactor.catalog.attribution import attributed
from reenactor.catalog.entries import (
    HOME,
    ComponentEntry,
    Conflict,
    DatasetEntry,
    Failure,
    Provider,
    SpecEntry,
)
from reenactor.catalog.known_packages import KNOWN, KNOWN_DATASETS
from reenactor.errors import PluginError
from reenactor.manifest import ComponentInfo, Facet, Role, Weight
from reenactor.spec import Draft, draft_spec
from reenactor.spelling import did_you_mean


@dataclass(frozen=True)
class Catalog:
    """All installed components, named specs and datasets, and the plugins that failed to load."""

    components: tuple[ComponentEntry, ...]
    specs: tuple[SpecEntry, ...] = ()
    failures: tuple[Failure, ...] = ()
    blocked: tuple[Provider, ...] = ()
    datasets: tuple[DatasetEntry, ...] = ()

    def of_role(self, role: Role) -> tuple[ComponentEntry, ...]:
        """The components of a role, sorted by name."""
        return tuple(sorted((e for e in self.components if e.info.role is role), key=_name))

    def providing(self, facet: Facet) -> tuple[ComponentEntry, ...]:
        """The components that provide a facet, sorted by name."""
        return tuple(sorted((e for e in self.components if facet in e.info.provides), key=_name))

    def find(self, role: Role, name: str) -> ComponentInfo:
        """The component of that role and name.

        Raises:
            PluginError: no plugin provides it, or two plugins do.
        """
        return self.entry(role, name).info

    def entry(self, role: Role, name: str) -> ComponentEntry:
        """Like `find`, but with the provider."""
        found = [entry for entry in self.components if entry.info.key == (role, name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _conflict(f"two plugins provide the {_words(role)} {name!r}", found)
        raise self._missing(role, name)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Names of components, specs and datasets that more than one plugin provides."""
        by_key: dict[tuple[str, str], list[Provider]] = {}
        for component in self.components:
            by_key.setdefault(component.info.key, []).append(component.provider)
        for spec in self.specs:
            by_key.setdefault(("spec", spec.info.name), []).append(spec.provider)
        for dataset in self.datasets:
            by_key.setdefault(("dataset", dataset.info.name), []).append(dataset.provider)
        return tuple(
            Conflict(kind, name, tuple(providers))
            for (kind, name), providers in by_key.items()
            if len(providers) > 1
        )

    def spec_resources(self) -> Mapping[str, str]:
        """The named specs, for `load_spec`. A built-in spec takes precedence over a plugin's."""
        return {entry.info.name: entry.info.resource for entry in reversed(self.specs)}

    def draft(self, spec: str | Path, overrides: Iterable[str] = ()) -> Draft:
        """Read a spec by its name or path and collect its mistakes.

        Raises:
            SpecError: no such spec, or invalid YAML.
            PluginError: the plugin does not ship the file, or two plugins provide the spec.
        """
        shipped = [entry for entry in self.specs if entry.info.name == spec]
        if not shipped:
            return draft_spec(spec, overrides, self.spec_resources())
        info, provider = (
            shipped[0].info,
            shipped[0].provider,
        )  # built-in specs come first and take precedence
        if len(shipped) > 1 and provider.distribution != HOME:
            raise _conflict(f"two plugins provide the spec {info.name!r}", shipped)
        with attributed(f"the spec {info.name!r} cannot be read", info.resource, provider):
            return draft_spec(spec, overrides, self.spec_resources())

    def dataset(self, name: str) -> DatasetEntry:
        """The dataset of that name.

        Raises:
            PluginError: no plugin provides it, or two plugins do.
        """
        found = [entry for entry in self.datasets if entry.info.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise _conflict(f"two plugins provide the dataset {name!r}", found)
        names = sorted({entry.info.name for entry in self.datasets})
        package = KNOWN_DATASETS.get(name)
        advice = [f"pip install {package}" if package else did_you_mean(name, names)]
        advice += [f"a broken plugin may provide it: {failure}" for failure in self.failures]
        raise PluginError(
            "no dataset of that name is installed",
            given=name,
            expected=f"one of the installed ones: {', '.join(names) or 'none'}",
            advice="\n".join(filter(None, advice)),
        )

    def weights(self) -> tuple[Weight, ...]:
        """All weights that installed components declare, without duplicates.

        If two plugins name the same file differently, it is listed under both names.
        """
        found = (weight for entry in self.components for weight in entry.info.weights)
        return tuple({weight.key: weight for weight in found}.values())

    def _missing(self, role: Role, name: str) -> PluginError:
        names = [entry.info.name for entry in self.of_role(role)]
        advice = [did_you_mean(name, names)]
        package = KNOWN.get((role, name))
        if package is not None:
            advice = [f"pip install {package}"]
        else:
            elsewhere = [e.info.role for e in self.components if e.info.name == name]
            advice += [f"{name!r} is a {_words(other)}" for other in elsewhere]
        suspects = [f for f in self.failures if package in (None, f.provider.distribution)]
        if package and suspects:
            advice = [f"{package} is installed, but broken"]
        advice += [f"a broken plugin may provide it: {failure}" for failure in suspects]
        return PluginError(
            f"no {_words(role)} of that name is installed",
            given=name,
            expected=f"one of the installed ones: {', '.join(names) or 'none'}",
            advice="\n".join(filter(None, advice)),
        )


def _conflict(
    problem: str, entries: Sequence[ComponentEntry | SpecEntry | DatasetEntry]
) -> PluginError:
    providers = sorted(str(entry.provider) for entry in entries)
    return PluginError(
        problem,
        given=" and ".join(providers),
        expected="one of them",
        advice="uninstall one, or leave it out with --block NAME",
    )


def _name(entry: ComponentEntry) -> str:
    return entry.info.name


def _words(role: Role) -> str:
    return role.value.replace("_", " ")
