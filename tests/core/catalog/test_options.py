from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from reenactor.catalog import discover, options_model
from reenactor.catalog.entries import Provider
from reenactor.catalog.options import options_schema, paths_in, read_options
from reenactor.errors import PluginError
from reenactor.manifest import ComponentInfo, Role
from reenactor.options import NoOptions, Options
from reenactor.spec import Position, Source

Make = Callable[..., ComponentInfo]
Install = Callable[..., Path]

BIG = Provider("reenactor-big", "1.0", "big", "big.manifest")
HERE = Source(Position("a.yaml", Path("/specs"), 1, 1))


def test_the_model(info: Make) -> None:
    assert options_model(info()) is NoOptions


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no_such_module:X", "ModuleNotFoundError"),
        ("reenactor.options:Missing", "AttributeError"),
        ("reenactor.options:BaseModel", "subclass reenactor.options.Options"),
        ("reenactor.errors:SpecError", "subclass reenactor.options.Options"),
    ],
)
def test_a_model_that_is_none(info: Make, target: str, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        options_model(info(options=target))


def test_use_is_no_option(info: Make, install: Install) -> None:
    source = "from reenactor.options import Options\nclass O(Options):\n    use: int = 1\n"
    install("reenactor-use", {"o.py": source})
    with pytest.raises(PluginError, match="'use'"):
        options_model(info(options="reenactor_use.o:O"))


def test_values_paths_and_mistakes(plugin: Install) -> None:
    plugin("mine")
    mine = discover().find(Role.PARSER, "mine")
    values = {
        "scale": 2,
        "weights": "runs/a.pt",
        "nested": {"file": "/abs/b"},
        "files": ["c", "d/e"],
    }
    options, problems = read_options(mine, values, HERE, ("parser",))
    assert not problems
    assert options is not None
    assert options.model_dump() == {
        "scale": 2,
        "weights": Path("/specs/runs/a.pt"),
        "nested": {"file": Path("/abs/b")},
        "files": (Path("/specs/c"), Path("/specs/d/e")),
        "fallback": Path("relative/default"),
    }
    assert dict(paths_in(options, ("parser",))) == {
        ("parser", "files", 0): Path("/specs/c"),
        ("parser", "files", 1): Path("/specs/d/e"),
        ("parser", "nested", "file"): Path("/abs/b"),
        ("parser", "weights"): Path("/specs/runs/a.pt"),
    }
    every = dict(paths_in(options, ("parser",), defaults=True))
    assert every[("parser", "fallback")] == Path("relative/default")
    options, problems = read_options(mine, {"scael": 2, "weights": 1}, HERE, ("parser",))
    assert options is None
    assert [p.field for p in problems] == [("parser", "weights"), ("parser", "scael")]
    assert problems[1].advice == "did you mean 'scale'?"


def test_values_from_python_may_be_python_values(plugin: Install) -> None:
    plugin("mine")
    mine = discover().find(Role.PARSER, "mine")
    options, _ = read_options(mine, {"weights": Path("a.pt")}, Source.nowhere(), ("parser",))
    assert options is not None
    assert options.model_dump()["weights"] == Path.cwd() / "a.pt"


def test_paths_in_whatever_holds_them() -> None:
    class Odd(Options):
        by_name: dict[str, Path] = Field(default={"a": Path("/a")})
        some: frozenset[Path] = Field(default=frozenset({Path("/c"), Path("/b")}))
        pairs: tuple[tuple[str, Path], ...] = Field(default=(("x", Path("/d")),))
        either: Literal["random"] | Path = Field(default=Path("/e"))

    assert dict(paths_in(Odd(), defaults=True)) == {
        ("by_name", "a"): Path("/a"),
        ("some", 0): Path("/b"),
        ("some", 1): Path("/c"),
        ("pairs", 0, 1): Path("/d"),
        ("either",): Path("/e"),
    }
    assert list(paths_in(Odd())) == []


@pytest.mark.parametrize("default", ["10**5000", "[10**5000]", "-(10**5000)"])
def test_a_default_that_no_document_can_hold(info: Make, install: Install, default: str) -> None:
    source = "from reenactor.options import Options\nclass O(Options):\n    a: object = "
    install("reenactor-big", {"o.py": f"{source}{default}\n"})
    with pytest.raises(PluginError, match="have no schema") as caught:
        options_schema(info(options="reenactor_big.o:O"), BIG)
    assert "reenactor-big 1.0" in caught.value.given
