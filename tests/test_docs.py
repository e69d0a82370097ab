"""Nothing that a user can write or call is left out of the documentation, and its examples run."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel

from reenactor import errors
from reenactor.catalog import discover
from reenactor.cli.app import app
from reenactor.cli.demo import material
from reenactor.cli.exits import DEFECT, INTERRUPTED
from reenactor.cli.lazy import COMMANDS
from reenactor.hookspecs import reenactor_components, reenactor_datasets, reenactor_specs
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, Role
from reenactor.metrics.registry import METRICS
from reenactor.pipeline.bench import repeat_video
from reenactor.spec import MotionSpec, OutputSpec, Spec
from reenactor.spec.background import Folder, Image, Video
from reenactor.spec.motion import ByBox, ByIndex, ByPoint
from reenactor.weights import State

DOCS = Path(__file__).parents[1] / "docs"
README = DOCS.parent / "README.md"


def _script() -> ModuleType:
    """docs/tables.py, which writes the tables of the options."""
    found = importlib.util.spec_from_file_location("tables", DOCS / "tables.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


tables = _script()
MODELS: dict[str, type[BaseModel]] = tables.models()
PAGES = sorted(DOCS.rglob("*.md"))


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


def test_every_built_in_component_has_a_section() -> None:
    overview = page("components/index")
    for entry in discover(only={"reenactor"}).components:
        assert f"| `{entry.info.name}` |" in overview, entry.info.key
        text = page(f"components/{entry.info.role.replace('_', '-')}")
        facts = section(text, f"`{entry.info.name}`")
        assert "```yaml" in facts, entry.info.key
        for weight in entry.info.weights:
            assert weight.licence in facts, weight.name


def test_every_built_in_dataset_has_a_section() -> None:
    for entry in discover(only={"reenactor"}).datasets:
        section(page("components/datasets"), f"`{entry.info.name}`")


def rows_of(name: str) -> dict[str, list[str]]:
    """The cells of a table's rows, by the first one."""
    marked = rf"<!-- table: {re.escape(name)} -->\n(.*?)<!-- end -->"
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    (body,) = re.findall(marked, text, re.S)
    lines = [line for line in body.splitlines() if line.startswith("| `")]
    cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize("name", MODELS)
def test_every_option_with_its_default_and_bounds(name: str) -> None:
    """The tables against the schemas by which editors check a spec."""
    rows = rows_of(name)
    schema = MODELS[name].model_json_schema()
    expected = dict(schema["properties"])
    if name.startswith("recipe/"):  # what all recipes share stands once
        for option, shared in MODELS["recipes"].model_json_schema()["properties"].items():
            if expected[option].get("default") == shared.get("default"):
                del expected[option]
    assert list(rows) == list(expected)
    for option, field in expected.items():
        values, default, meaning = rows[option]
        if option in schema.get("required", ()):
            assert default == "required", option
        else:
            given = None if default == "none" else yaml.safe_load(default.strip("`"))
            assert given == field["default"], option
        kinds = [field, *field.get("anyOf", ())]
        kinds += [kind["items"] for kind in kinds if "items" in kind]
        for kind in kinds:
            for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
                          "multipleOf", "minItems", "minLength"):  # fmt: skip
                if bound in kind:
                    limit = str(kind[bound]).removesuffix(".0")
                    assert re.search(rf"\b{re.escape(limit)}\b", values), (option, bound)
            for value in (*kind.get("enum", ()), *([kind["const"]] if "const" in kind else ())):
                assert f"`{value}`" in values, option
        assert len(meaning) > 5, option


def test_tables_are_up_to_date() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert tables.updated(text) == text, f"{path.name}: run `python docs/tables.py`"


def test_a_table_that_has_gone_stale_is_noticed() -> None:
    text = page("components/inpainter")
    (row,) = [line for line in text.splitlines() if line.startswith("| `radius` |")]
    for stale in (
        text.replace(row + "\n", ""),
        text.replace(row, row.replace("`4`", "`5`")),
        text.replace(row, row.replace("32", "64")),
        text.replace(row, f"{row}\n| `gone` | integer | `1` | Of old. |"),
    ):
        assert stale != text
        assert tables.updated(stale) == text


def test_every_model_has_one_table() -> None:
    named = [name for path in PAGES for name in tables.named(path.read_text(encoding="utf-8"))]
    assert sorted(named) == sorted([*MODELS, "metrics"])


def test_every_metric() -> None:
    rows = rows_of("metrics")
    assert list(rows) == list(METRICS)
    for metric in METRICS.values():
        assert rows[metric.name][-1] == f"`{metric.version}`"


def examples(text: str) -> list[str]:
    """The Python examples of a page that are to run: those without a note that says why not."""
    found = re.findall(r"^(<!-- not run: .+ -->\n)?```python\n(.*?)^```", text, re.S | re.M)
    return [code for unrun, code in found if not unrun]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the demo's dance."""
    return repeat_video(material().driver, 6, tmp_path_factory.mktemp("clip") / "dance.mp4")


@pytest.mark.parametrize(
    "path",
    [path for path in (README, *PAGES) if examples(path.read_text(encoding="utf-8"))],
    ids=lambda path: path.stem,
)
def test_python_examples_run(
    path: Path, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The examples of a page one after the other, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REENACTOR_CACHE", str(tmp_path / "cache"))
    shutil.copy(material().target, "photo.jpg")
    shutil.copy(clip, "dance.mp4")
    names: dict[str, Any] = {"__name__": "example"}
    for code in examples(path.read_text(encoding="utf-8")):
        exec(compile(code, path.name, "exec"), names)  # noqa: S102 - our own examples


def test_every_page_is_in_the_navigation() -> None:
    nav = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:")[2]
    for path in PAGES:
        assert nav.count(f" {path.relative_to(DOCS).as_posix()}\n") == 1, path.name


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
