from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import TypeVar

import pytest

from reenactor.catalog.manifests import ManifestError, component_of, dataset_of, spec_of
from reenactor.manifest import (
    ComponentInfo,
    DatasetInfo,
    Facet,
    RecipeInfo,
    Role,
    SpecInfo,
    Weight,
)

Make = Callable[..., ComponentInfo]
T = TypeVar("T", ComponentInfo, Weight, RecipeInfo, DatasetInfo)


def bent(value: T, fields: dict[str, object]) -> T:
    """A copy with fields that its constructor, whose types are checked here, would refuse."""
    copied = copy(value)
    for name, field in fields.items():
        object.__setattr__(copied, name, field)
    return copied


def test_a_sound_component(info: Make, weight: Weight) -> None:
    sound = info(weights=(replace(weight, mirrors=("https://a.example/b",)),))
    assert component_of(sound) == sound


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": "parser"}, "role"),
        ({"name": "My Parser"}, "name"),
        ({"name": "none"}, "a name other"),
        ({"name": 3}, "name"),
        ({"target": "module.Class"}, "target"),
        ({"options": ""}, "options"),
        ({"summary": ""}, "summary"),
        ({"licence": ""}, "licence"),
        ({"needs": {"skeleton"}}, "needs"),
        ({"needs": "skeleton"}, "needs"),
        ({"provides": frozenset({Facet.DENSE})}, "facets that a parser can provide: parsing"),
        ({"needs": frozenset({Facet.PARSING})}, "free of facets that it provides itself"),
        ({"weights": ("a",)}, "weights"),
        ({"own_body": "puppet"}, "for a frame_renderer only"),
        ({"role": Role.FRAME_RENDERER, "provides": frozenset(), "own_body": "A b"}, "own_body"),
        (
            {
                "role": Role.FRAME_RENDERER,
                "provides": frozenset(),
                "needs": frozenset({Facet.BODY}),
                "own_body": "puppet",
            },
            "empty if the component needs a body",
        ),
    ],
)
def test_an_unsound_component(info: Make, fields: dict[str, object], said: str) -> None:
    with pytest.raises(ManifestError, match=said):
        component_of(bent(info(), fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"sha256": "abc"},
        {"size": 0},
        {"file": "../etc/passwd"},
        {"file": ".hidden"},
        {"file": ""},
        {"licence": ""},
        {"origin": ""},
        {"resource": "no colon"},
        {"mirrors": ("file:///etc/passwd",)},
        {"mirrors": "https://a.example"},
    ],
)
def test_an_unsound_weight(info: Make, weight: Weight, fields: dict[str, object]) -> None:
    with pytest.raises(ManifestError, match=r"weights \(big\)"):
        component_of(info(weights=(bent(weight, fields),)))


def test_every_role_has_a_rule(info: Make) -> None:
    for role in Role:
        component_of(info(role=role, needs=frozenset(), provides=frozenset()))


@pytest.mark.parametrize("value", ["default", SpecInfo("a b", "p:a", ""), SpecInfo("a", "p", "")])
def test_an_unsound_spec(value: object) -> None:
    with pytest.raises(ManifestError):
        spec_of(value)


CONFIGS = (("paper", "p:configs/paper.yaml"), ("small", "p:configs/small.yaml"))
RECIPE = RecipeInfo("p.recipe:train", "p.settings:Settings", CONFIGS)


def test_a_sound_recipe(info: Make) -> None:
    assert component_of(info(recipe=RECIPE)).recipe == RECIPE


@pytest.mark.parametrize(
    "fields",
    [
        {"target": "p.recipe.train"},
        {"settings": ""},
        {"configs": ()},
        {"configs": ("paper",)},
        {"configs": (("paper", "p"),)},
        {"configs": (("Paper", "p:a.yaml"),)},
        {"configs": (("paper", "p:a.yaml", "more"),)},
        {"configs": (("paper", "p:a.yaml"), ("paper", "p:b.yaml"))},
    ],
)
def test_an_unsound_recipe(info: Make, fields: dict[str, object]) -> None:
    with pytest.raises(ManifestError, match=r"parser '.*': recipe \("):
        component_of(info(recipe=bent(RECIPE, fields)))


DATASET = DatasetInfo("photos", "p.photos:Photos", "p.options:PhotosOptions", "photos", "yours")


def test_a_sound_dataset() -> None:
    assert dataset_of(DATASET) == DATASET


@pytest.mark.parametrize("field", ["name", "target", "options", "summary", "licence"])
def test_an_unsound_dataset(field: str) -> None:
    with pytest.raises(ManifestError, match=f"dataset .*: {field} must be"):
        dataset_of(bent(DATASET, {field: ""}))
    with pytest.raises(ManifestError, match="returned a str"):
        dataset_of("photos")
