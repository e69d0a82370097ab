from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reenactor.catalog import discover
from reenactor.catalog.build import build, role_classes
from reenactor.errors import PluginError, WeightsError
from reenactor.manifest import ComponentInfo, Facet, Role, Weight
from reenactor.options import NoOptions
from reenactor.roles import DenseEstimator, Parser, SkeletonEstimator
from reenactor.runtime import Runtime

Make = Callable[..., ComponentInfo]
Install = Callable[..., Path]


def no_weights(weight: Weight) -> Path:
    raise WeightsError(f"no {weight.name}")


RUNTIME = Runtime(weight=no_weights)


def test_a_component_is_made_with_its_options_and_runtime(plugin: Install) -> None:
    plugin("mine")
    mine = discover().find(Role.PARSER, "mine")
    options = NoOptions()
    component = build(mine, options, RUNTIME)
    assert isinstance(component, Parser)
    assert component.options is options
    assert component.runtime is RUNTIME


def test_the_classes_of_roles(info: Make) -> None:
    estimator = info(role=Role.POSE_ESTIMATOR)
    dense, skeleton = frozenset({Facet.DENSE}), frozenset({Facet.SKELETON})
    assert role_classes(info()) == (Parser,)
    assert role_classes(replace(estimator, provides=skeleton)) == (SkeletonEstimator,)
    assert role_classes(replace(estimator, provides=dense)) == (DenseEstimator,)
    both = role_classes(replace(estimator, provides=dense | skeleton))
    assert both == (SkeletonEstimator, DenseEstimator)


def test_a_class_of_another_role(plugin: Install) -> None:
    plugin("mine", role="INPAINTER")
    mine = discover().find(Role.INPAINTER, "mine")
    with pytest.raises(PluginError, match="does not implement its role") as caught:
        build(mine, NoOptions(), RUNTIME)
    assert "Inpainter" in caught.value.expected


def test_a_function_is_no_class(info: Make) -> None:
    with pytest.raises(PluginError, match="does not implement its role"):
        build(info(target="json:dumps"), NoOptions(), RUNTIME)


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        ("1 / 0", PluginError, "cannot be constructed: ZeroDivisionError"),
        ("runtime.weight(Weight('big', 'f', '', 1, '', ''))", WeightsError, "no big"),
    ],
)
def test_a_constructor_that_fails(
    plugin: Install, body: str, error: type[Exception], said: str
) -> None:
    package = plugin("mine")
    source = (
        "from reenactor.manifest import Weight\nfrom reenactor.roles import Parser\n"
        "class It(Parser):\n    def __init__(self, options, runtime):\n"
        f"        {body}\n    def parse(self, frames, skeleton): ...\n"
    )
    (package / "component.py").write_text(source, encoding="utf-8")
    mine = discover().find(Role.PARSER, "mine")
    with pytest.raises(error, match=said):
        build(mine, NoOptions(), RUNTIME)


def test_an_unfinished_class(plugin: Install) -> None:
    package = plugin("mine")
    source = "from reenactor.roles import Parser\nclass It(Parser): ...\n"
    (package / "component.py").write_text(source, encoding="utf-8")
    with pytest.raises(PluginError, match="abstract"):
        build(discover().find(Role.PARSER, "mine"), NoOptions(), RUNTIME)
