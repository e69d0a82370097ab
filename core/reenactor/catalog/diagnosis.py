"""Checks every plugin thoroughly, importing everything that its manifest names, torch included."""

from collections.abc import Callable
from pathlib import Path

from reenactor.catalog.build import component_class
from reenactor.catalog.catalog import Catalog
from reenactor.catalog.check import examine
from reenactor.catalog.entries import (
    HOME,
    ComponentEntry,
    Finding,
    Provider,
    SpecEntry,
    plugin_traceback,
)
from reenactor.catalog.options import options_schema
from reenactor.catalog.torch_free import IMPORTS_TORCH, import_problem
from reenactor.errors import ReenactorError
from reenactor.manifest import Weight
from reenactor.resource import find_resource
from reenactor.spec import Kind
from reenactor.weights.digest import difference


def diagnose(catalog: Catalog) -> list[Finding]:
    """Check every plugin, component and named spec."""
    found = [
        Finding(
            str(failure.provider),
            f"entry point {failure.provider.entry_point!r}",
            failure.problem,
            failure.traceback,
        )
        for failure in catalog.failures
    ]
    providers = dict.fromkeys(entry.provider for entry in catalog.components)
    found += filter(None, (_slow(provider, catalog) for provider in providers))
    found += [_component(entry) for entry in catalog.components]
    conflicts = catalog.conflicts()
    found += [
        Finding(conflict.who, f"{conflict.kind} {conflict.name!r}", "two plugins provide it")
        for conflict in conflicts
    ]
    doubtful = {conflict.name for conflict in conflicts if conflict.kind == "spec"}
    specs = (
        entry
        for entry in catalog.specs
        if entry.info.name not in doubtful or entry.provider.distribution == HOME
    )
    return [*found, *(_spec(entry, catalog) for entry in specs)]


def finding(provider: Provider, what: str, look: Callable[[], str]) -> Finding:
    """One finding: the problem that `look` returns or raises."""
    try:
        return Finding(str(provider), what, look())
    except ReenactorError as error:
        cause = error.__cause__
        details = "" if cause is None else plugin_traceback(cause)
        expected = f" (expected: {error.expected})" if error.expected else ""
        return Finding(str(provider), what, error.problem + expected, details)


def _slow(provider: Provider, catalog: Catalog) -> Finding | None:
    """A finding if the manifest or the options import torch, which slows every command down."""
    own = [entry.info for entry in catalog.components if entry.provider == provider]
    modules = [provider.target, *dict.fromkeys(info.options for info in own)]
    problem = import_problem([module.partition(":")[0] for module in modules])
    if not problem.endswith(IMPORTS_TORCH):
        return None  # failed imports are reported elsewhere
    return Finding(str(provider), f"manifest {provider.entry_point!r}", problem)


def _component(entry: ComponentEntry) -> Finding:
    info, provider = entry.info, entry.provider

    def look() -> str:
        options_schema(info, provider)
        component_class(info, provider)
        return "; ".join(filter(None, (_weight(weight) for weight in info.weights)))

    return finding(provider, f"{info.role} {info.name!r}", look)


def _weight(weight: Weight) -> str:
    """The problem with a weight that its package ships; empty if there is none."""
    if not weight.resource:
        return ""
    try:
        wrong = difference(Path(str(find_resource(weight.resource))), weight)
    except (FileNotFoundError, ValueError) as error:
        # A package need not ship weights that have mirrors.
        return "" if weight.mirrors else f"the weights {weight.name!r} are missing: {error}"
    return wrong and f"the weights {weight.name!r} that it ships are {wrong}"


def _spec(entry: SpecEntry, catalog: Catalog) -> Finding:
    """A finding about a spec; weights that users have to bring may be missing."""
    info = entry.info

    def look() -> str:
        try:
            find_resource(info.resource)
        except FileNotFoundError as error:
            return str(error)
        mistakes = examine(catalog.draft(info.name), catalog).mistakes
        wrong = [problem for problem in mistakes if problem.kind is not Kind.WEIGHTS]
        return "; ".join(f"{problem.position}: {problem.problem}" for problem in wrong)

    return finding(entry.provider, f"spec {info.name!r}", look)
