from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from reenactor.catalog import Catalog, ComponentEntry, Provider, discover
from reenactor.catalog.schema import spec_schema
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.resource import find_resource

Make = Callable[..., ComponentInfo]
Install = Callable[..., Path]
OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")
NOTHING: frozenset[Facet] = frozenset()

SOUND = """\
version: 1
parser: mine
pose_estimator: points
body_generator: mover
frame_renderer: painter
"""


@pytest.fixture
def validator(plugin: Install, info: Make) -> jsonschema.Draft202012Validator:
    """Of the schema with one plugin that has options, and three components without."""
    plugin("mine")
    others = [
        info(role=Role.POSE_ESTIMATOR, name="points", needs=NOTHING, provides=NOTHING),
        info(role=Role.BODY_GENERATOR, name="mover", needs=NOTHING, provides=NOTHING),
        info(role=Role.FRAME_RENDERER, name="painter", needs=NOTHING, provides=NOTHING),
        info(role=Role.FRAME_RENDERER, name="broken", options="no_such_module:X"),
    ]
    mine = discover(only={"reenactor-mine"}).components
    schema = spec_schema(Catalog((*mine, *(ComponentEntry(one, OURS) for one in others))))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def changed(text: str) -> Any:
    """The sound spec with the lines of `text` in place of those of the same key."""
    return {**yaml.safe_load(SOUND), **yaml.safe_load(text)}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "parser: {use: mine}",
        "parser: {use: mine, scale: 3, nested: {file: a}, files: [a, b]}",
        "pose_estimator: [points, {use: points}]",
        "inpainter: none",
        "frame_renderer: {use: broken, anything: goes}",
        "background: driver",
        "background: white",
        "background: '#00FF00'",
        "background: beach.png",
        "background: ./frames",
        "background: {video: x, mode: hold}",
        "motion: {smooth: none, subject: 3}",
        "motion: {subject: {box: [0, 0, 10.5, 20]}}",
        "output: {height: 256}",
    ],
)
def test_it_takes(validator: jsonschema.Draft202012Validator, text: str) -> None:
    validator.validate(changed(text))


@pytest.mark.parametrize(
    "text",
    [
        "version: 2",
        "extra: 1",
        "parser: none",
        "parser: other",
        "parser: {scale: 3}",
        "parser: {use: mine, scael: 3}",
        "parser: {use: mine, scale: 0}",
        "parser: {use: mine, nested: {}}",
        "pose_estimator: []",
        "pose_estimator: [other]",
        "background: drver",
        "background: '#00FF0'",
        "background: {video: x, mode: bounce}",
        "motion: {smooth: yes please}",
        "motion: {subject: {box: [0, 0, 10]}}",
        "motion: {subject: -1}",
        "output: {height: 500}",
        "output: {height: 512, depth: 3}",
    ],
)
def test_it_refuses(validator: jsonschema.Draft202012Validator, text: str) -> None:
    assert not validator.is_valid(changed(text))


def test_every_part_has_its_meaning(validator: jsonschema.Draft202012Validator) -> None:
    schema: Any = validator.schema
    for name, field in schema["properties"].items():
        assert field.get("description"), name
    assert schema["$defs"]["parser.mine"]["properties"]["scale"]["description"] == "how large"
    assert "parser.mine.Nested" in schema["$defs"]


def test_a_role_that_nobody_fills() -> None:
    schema = spec_schema(Catalog(()))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(SOUND))


def test_the_built_in_specs_are_valid() -> None:
    catalog = discover(only={"reenactor"})
    validator = jsonschema.Draft202012Validator(spec_schema(catalog))
    for resource in catalog.spec_resources().values():
        spec = yaml.safe_load(find_resource(resource).read_text(encoding="utf-8"))
        validator.validate(spec)
