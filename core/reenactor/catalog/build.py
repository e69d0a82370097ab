"""Making components: here torch comes in, and a plugin's own code runs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from reenactor.catalog.entries import plugin_traceback
from reenactor.catalog.options import import_target
from reenactor.errors import PluginError, ReenactorError
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
    """The abstract classes that a component must fill: its role's.

    A pose estimator is a `SkeletonEstimator`, a `DenseEstimator`, or both, by what it provides.
    """
    if info.role is not Role.POSE_ESTIMATOR:
        return (_CLASSES[info.role],)
    dense = (DenseEstimator,) if Facet.DENSE in info.provides else ()
    others = info.provides - {Facet.DENSE}
    return ((SkeletonEstimator,) if others or not dense else ()) + dense


def component_class(info: ComponentInfo) -> type[Component[Any]]:
    """Import a component's class.

    Raises:
        PluginError: it cannot be imported, or is of another role.
    """
    target = import_target(info.target, info)
    for expected in role_classes(info):
        if not (isinstance(target, type) and issubclass(target, expected)):
            raise PluginError(
                f"the {info.role} {info.name!r} does not fill its role",
                given=info.target,
                expected=f"a subclass of {expected.__module__}.{expected.__name__}",
            )
    found: type[Component[Any]] = target
    return found


def build(info: ComponentInfo, options: Options, runtime: Runtime) -> Component[Any]:
    """Make a component.

    Raises:
        PluginError: it cannot be imported, is of another role, or its constructor failed.
        ReenactorError: what the constructor raised of our own errors (missing weights, say).
    """
    target = component_class(info)
    try:
        return target(options, runtime)
    except ReenactorError:
        raise
    except Exception as error:
        raise PluginError(
            f"the {info.role} {info.name!r} cannot be made: {type(error).__name__}: {error}",
            given=info.target,
            advice=f"tell its author:\n{plugin_traceback(error, __file__)}",
        ) from error
