import ast
import tomllib
from pathlib import Path

import pytest

from reenactor.cli.scaffold import new_package
from reenactor.errors import OutputError, UsageError
from reenactor.manifest import Role


@pytest.mark.parametrize("role", Role)
def test_a_package_is_python_and_names_itself(role: Role, tmp_path: Path) -> None:
    root = new_package("my-part", role, tmp_path)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["reenactor"] == {
        "my-part": "reenactor_my_part.manifest"
    }
    sources = list(root.rglob("*.py"))
    assert len(sources) == 5
    for source in sources:
        text = source.read_text("utf-8")
        ast.parse(text)
        assert "$" not in text
        assert max(map(len, text.splitlines()), default=0) <= 100
    assert "class MyPart(" in (root / "src/reenactor_my_part/component.py").read_text("utf-8")
    assert "$ pip install reenactor-my-part" in (root / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["", "My", "1a", "a_b", "../a", "a--b"])
def test_names_that_cannot_be(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="invalid component name"):
        new_package(name, Role.PARSER, tmp_path)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        *((name, "keyword") for name in ("class", "match", "import", "async")),
        *((name, "module") for name in ("torch", "json", "sys", "reenactor", "reenactor-plugins")),
        ("plugins", "reenactor_plugins"),
    ],
)
def test_names_that_are_taken(name: str, taken: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="invalid component name") as caught:
        new_package(name, Role.PARSER, tmp_path)
    assert taken in caught.value.given
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    new_package("mine", Role.PARSER, tmp_path)
    with pytest.raises(OutputError, match="already exists"):
        new_package("mine", Role.PARSER, tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write the package"):
        new_package("mine", Role.PARSER, tmp_path / "file")
