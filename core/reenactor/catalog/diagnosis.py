"""Looking at every plugin closely: everything that a manifest names is imported (torch too)."""

from collections.abc import Iterator

from reenactor.catalog.build import component_class
from reenactor.catalog.catalog import Catalog
from reenactor.catalog.entries import DatasetEntry, Entry, Finding
from reenactor.catalog.options import import_target, options_model
from reenactor.errors import PluginError
from reenactor.resource import find_resource


def diagnose(catalog: Catalog) -> list[Finding]:
    """Look at every plugin, component and named spec."""
    found = [
        Finding(
            str(failure.provider),
            f"entry point {failure.provider.entry_point!r}",
            failure.problem,
            failure.traceback,
        )
        for failure in catalog.failures
    ]
    for entry in catalog.components:
        found += _component(entry)
    for entries in catalog.conflicts():
        info = entries[0].info
        who = " and ".join(str(entry.provider) for entry in entries)
        found.append(Finding(who, f"{info.role} {info.name!r}", "two plugins provide it"))
    for dataset in catalog.datasets:
        found.append(_dataset(dataset))
    return [*found, *_specs(catalog)]


def _component(entry: Entry) -> Iterator[Finding]:
    who, what = str(entry.provider), f"{entry.info.role} {entry.info.name!r}"
    try:
        options_model(entry.info)
        component_class(entry.info)
        for weight in entry.info.weights:
            if weight.resource and not weight.mirrors:
                find_resource(weight.resource)
    except PluginError as error:
        yield Finding(who, what, error.problem, error.advice)
    except FileNotFoundError as error:
        yield Finding(who, what, f"a weight that it ships is missing: {error}")
    else:
        yield Finding(who, what)


def _dataset(entry: DatasetEntry) -> Finding:
    """Whether a dataset can be imported; whether it is one is seen when it is used."""
    who, what = str(entry.provider), f"dataset {entry.info.name!r}"
    try:
        options_model(entry.info)
        import_target(entry.info.target, entry.info)
    except PluginError as error:
        return Finding(who, what, error.problem, error.advice)
    return Finding(who, what)


def _specs(catalog: Catalog) -> Iterator[Finding]:
    used = catalog.spec_resources()
    for entry in catalog.specs:
        who, what = str(entry.provider), f"spec {entry.info.name!r}"
        problem = ""
        try:
            find_resource(entry.info.resource)
        except FileNotFoundError as error:
            problem = str(error)
        if used[entry.info.name] != entry.info.resource:
            problem = "hidden by another plugin's spec of that name"
        yield Finding(who, what, problem)
