"""Every built-in component and spec, a line or two each. Imports no torch."""

from reenactor.hookspecs import hookimpl
from reenactor.manifest import ComponentInfo, SpecInfo

COMPONENTS: tuple[ComponentInfo, ...] = ()

SPECS: tuple[SpecInfo, ...] = (
    SpecInfo(
        "default",
        "reenactor_plugins:specs/default.yaml",
        "works at once on a CPU, without a download",
    ),
)


@hookimpl
def reenactor_components() -> tuple[ComponentInfo, ...]:
    return COMPONENTS


@hookimpl
def reenactor_specs() -> tuple[SpecInfo, ...]:
    return SPECS
