"""Constructs components. Imports torch and runs the code of plugins."""

from collections.abc import Mapping
from inspect import isabstract
from types import MappingProxyType
from typing import Any

from reenactor.catalog.attribution import attributed, broken
from reenactor.catalog.entries import UNKNOWN, Provider
from reenactor.catalog.guard import guarded
from reenactor.catalog.options import import_target
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.options import Options
from reenactor.roles import (
    BodyGenerator,
    Component,
    DenseEstimator,
    FaceRefiner,
    FrameRenderer,
    Inpainter,
    Parser,
    SkeletonEstimator,
)
from reenactor.runtime import Runtime

_CLASSES: Mapping[Role, type[Component[Any]]] = MappingProxyType(
    {
        Role.PARSER: Parser,
        Role.INPAINTER: Inpainter,
        Role.BODY_GENERATOR: BodyGenerator,
        Role.FRAME_RENDERER: FrameRenderer,
        Role.FACE_REFINER: FaceRefiner,
    }
)


def role_classes(info: ComponentInfo) -> tuple[type[Component[Any]], ...]:
    """The abstract classes of its role that a component must implement.

    A pose estimator is a `SkeletonEstimator`, a `DenseEstimator`, or both, by what it provides.
    """
    if info.role is not Role.POSE_ESTIMATOR:
        return (_CLASSES[info.role],)
    dense = (DenseEstimator,) if Facet.DENSE in info.provides else ()
    others = info.provides - {Facet.DENSE}
    return ((SkeletonEstimator,) if others or not dense else ()) + dense


def component_class(info: ComponentInfo, provider: Provider = UNKNOWN) -> type[Component[Any]]:
    """Import a component's class.

    Raises:
        PluginError: it cannot be imported, has another role, or lacks a method.
    """
    target = import_target(info.target, info, provider)
    for expected in role_classes(info):
        if not (isinstance(target, type) and issubclass(target, expected)):
            raise broken(
                f"the {info.role} {info.name!r} does not implement its role",
                info.target,
                provider,
                f"a subclass of {expected.__module__}.{expected.__name__}",
            )
    if isabstract(target):
        abstract = ", ".join(sorted(target.__abstractmethods__))
        problem = f"the {info.role} {info.name!r} is abstract: it does not implement {abstract}"
        raise broken(problem, info.target, provider, "all methods of its role")
    found: type[Component[Any]] = target
    return found


def construct(
    info: ComponentInfo, options: Options, runtime: Runtime, provider: Provider = UNKNOWN
) -> Component[Any]:
    """Construct a component without the checks that `build` adds, to test it by itself.

    Raises:
        PluginError: it cannot be imported, has another role, or its constructor failed.
        ReenactorError: the constructor raised it (for missing weights, for example).
    """
    target = component_class(info, provider)
    what = f"the {info.role} {info.name!r} cannot be constructed"
    with attributed(what, info.target, provider):
        return target(options, runtime)


def build(
    info: ComponentInfo, options: Options, runtime: Runtime, provider: Provider = UNKNOWN
) -> Component[Any]:
    """Construct a component whose results are all checked (`reenactor.catalog.guard`).

    Errors name `provider`.

    Raises:
        PluginError: as for `construct`; the component's methods raise it too.
        ReenactorError: the constructor raised it (for missing weights, for example).
    """
    made = construct(info, options, runtime, provider)
    return guarded(made, info, provider)
