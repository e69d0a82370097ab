"""Every number that a spec, a training config or a study can give has a smallest and a largest
value: what lies beyond is the user's mistake, found before anything begins."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from reenactor.catalog import discover
from reenactor.catalog.options import options_model
from reenactor.progress import Silent
from reenactor.spec import Spec
from reenactor.study.model import StudyFile
from reenactor.training.config import load_config, settings_model
from reenactor.training.settings import TrainingSettings

CATALOG = discover(only={"reenactor"})


def models() -> dict[str, type[BaseModel]]:
    """Of core, and of every component, recipe and dataset that is shipped."""
    found: dict[str, type[BaseModel]] = {
        "spec": Spec,
        "study": StudyFile,
        "training": TrainingSettings,
    }
    for entry in CATALOG.components:
        info = entry.info
        found[f"{info.role} {info.name}"] = options_model(info)
        if info.recipe is not None:
            found[f"recipe {info.name}"] = settings_model(info, info.recipe, entry.provider)
    for dataset in CATALOG.datasets:
        found[f"dataset {dataset.info.name}"] = options_model(dataset.info)
    return found


MODELS = models()


def numbers(schema: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number of a JSON schema, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") in ("number", "integer") and not schema.keys() & {"const", "enum"}:
            yield at, schema
        for key, inner in schema.items():
            yield from numbers(inner, f"{at}.{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from numbers(inner, f"{at}.{index}")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_number_is_bounded_on_both_sides(name: str) -> None:
    unbounded = [
        place
        for place, number in numbers(MODELS[name].model_json_schema())
        if not number.keys() & {"minimum", "exclusiveMinimum"}
        or not number.keys() & {"maximum", "exclusiveMaximum"}
    ]
    assert unbounded == []


def test_numbers_are_found_wherever_they_stand() -> None:
    places = [place for place, _ in numbers(MODELS["recipe b2f"].model_json_schema())]
    assert any("betas" in place for place in places)  # in a tuple
    assert any("vgg_weights" in place for place in places)  # in a list
    assert any(".steps." in place for place in places)  # in a union


VARIED = (
    "turn", "scale", "shift", "part_turn", "part_scale", "part_shift", "squeeze", "jitter",
    "colour", "recolour", "light", "slide", "rim", "blur",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "canvas"), [("p2b", (64, 64)), ("b2f", (64, 64)), ("fr", (512, 320))]
)
def test_examples_varied_as_far_as_the_bounds_allow_do_not_fail_a_training(
    name: str, canvas: tuple[int, int], drawn_shards: Callable[..., Path], tmp_path: Path
) -> None:
    pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
    pytest.importorskip("tensorboard", reason="training needs the extra `train`")
    from reenactor.training.train import train

    fields = MODELS[f"recipe {name}"].model_json_schema()["properties"]
    overrides = [
        f"training.{field}={fields[field]['maximum']}" for field in VARIED if field in fields
    ]
    config = load_config(CATALOG, name, "tiny", overrides, [drawn_shards(canvas=canvas)])
    assert train(config, tmp_path / "run", "cpu", Silent()).steps == 4
