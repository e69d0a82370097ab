"""The hooks by which a plugin package adds components, specs and datasets.

In the package's pyproject.toml:

    [project.entry-points.reenactor]
    mine = "reenactor_mine.manifest"

and in that module:

    from reenactor.hookspecs import hookimpl

    @hookimpl
    def reenactor_components():
        return [ComponentInfo(role=Role.PARSER, name="mine", ...)]
"""

from collections.abc import Iterable

import pluggy

from reenactor.manifest import ComponentInfo, DatasetInfo, SpecInfo

GROUP = "reenactor"
"""The entry-point group, and the name of the pluggy project."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def reenactor_components() -> Iterable[ComponentInfo]:
    """Return the package's components. Called once; must not import torch."""
    raise NotImplementedError  # pluggy calls the implementations


@hookspec
def reenactor_specs() -> Iterable[SpecInfo]:
    """Return the named specs that the package ships. Called once; must not import torch."""
    raise NotImplementedError


@hookspec
def reenactor_datasets() -> Iterable[DatasetInfo]:
    """Return the datasets that the package reads. Called once; must not import torch."""
    raise NotImplementedError
