"""Nothing that a user can write or call is left out of the documentation."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from reenactor import errors
from reenactor.catalog import discover, options_model
from reenactor.cli.app import app
from reenactor.cli.exits import DEFECT, INTERRUPTED
from reenactor.cli.lazy import COMMANDS
from reenactor.hookspecs import reenactor_components, reenactor_datasets, reenactor_specs
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, Role
from reenactor.spec import MotionSpec, OutputSpec, Spec
from reenactor.spec.background import Folder, Image, Video
from reenactor.spec.motion import ByBox, ByIndex, ByPoint
from reenactor.weights import State

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """The part of a page below a heading, up to the next of its rank."""
    match = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    assert match, title
    return match[1]


@pytest.mark.parametrize(
    "model", [Spec, MotionSpec, OutputSpec, Image, Folder, Video, ByIndex, ByBox, ByPoint]
)
def test_every_field_of_a_spec(model: type[BaseModel]) -> None:
    text = page("specs")
    for name, field in model.model_fields.items():
        assert re.search(rf"[`{{ ]{name}[`:]", text), name
        assert field.description, name
        for value in getattr(field.annotation, "__args__", ()):
            if isinstance(value, str):
                assert f"`{value}`" in text or f": {value}" in text, value


def test_every_facet() -> None:
    for facet in Facet:
        assert f"`{facet}`" in page("specs")
        assert f"`{facet}`" in page("plugins")


def commands() -> Iterator[tuple[str, Any]]:
    for name, (module, _) in COMMANDS.items():
        command: Any = typer.main.get_command(import_module(module).app)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {sub}", found) for sub, found in inner.items())


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_its_options(name: str, command: Any) -> None:
    text = section(page("cli"), f"`{name.split()[0]}`")
    assert name in text or f"## `{name}`" in page("cli")
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert option in text, f"{name} {option}"
    assert command.help, name


def test_every_option_before_the_command() -> None:
    text = section(page("cli"), "Options before the command")
    root: Any = typer.main.get_command(app)
    for parameter in root.params:
        assert any(option in text for option in parameter.opts), parameter.opts


def test_every_exit_code() -> None:
    text = section(page("cli"), "Exit codes")
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    codes = {error.exit_code for error in classes if issubclass(error, errors.ReenactorError)}
    for code in codes | {0, DEFECT, INTERRUPTED}:
        assert f"| {code} |" in text, code


def test_every_built_in_component_and_spec() -> None:
    text = page("specs")
    catalog = discover(only={"reenactor"})
    for entry in catalog.components:
        assert f"| `{entry.info.role}` | `{entry.info.name}` |" in text, entry.info.key
    for name in catalog.spec_resources():
        assert f"`{name}`" in text, name


def test_every_built_in_dataset_and_its_options() -> None:
    text = page("training")
    for entry in discover(only={"reenactor"}).datasets:
        match = re.search(rf"^### `{entry.info.name}`\n(.*?)(?=^#|\Z)", text, re.S | re.M)
        assert match, entry.info.name
        for name, field in options_model(entry.info).model_fields.items():
            assert f"| `{name}` |" in match[1], f"{entry.info.name} {name}"
            assert field.description, name


def test_every_hook_and_field_of_a_manifest() -> None:
    text = page("plugins")
    for hook in (reenactor_components, reenactor_specs, reenactor_datasets):
        assert f"`{hook.__name__}()`" in text
    for field in ComponentInfo.__dataclass_fields__:
        assert f"| `{field}` |" in section(text, "`ComponentInfo`"), field
    for field in DatasetInfo.__dataclass_fields__:
        assert f"| `{field}` |" in section(text, "`DatasetInfo`"), field
    for role in Role:
        assert f"`{role}`" in text


def test_every_state_of_a_weight() -> None:
    for state in State:
        assert f"**{state}**" in page("weights")
