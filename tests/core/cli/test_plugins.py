from collections.abc import Callable
from typing import Any

import pytest

from reenactor.catalog import Catalog, ComponentEntry, DatasetEntry, Failure, Provider, SpecEntry
from reenactor.cli import session
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, Role, SpecInfo

Run = Callable[..., Any]
ONE = Provider("reenactor-one", "1.0", "one", "one.manifest")
TWO = Provider("reenactor-two", "2.0", "two", "two.manifest")
BAD = Provider("reenactor-bad", "3.0", "bad", "bad.manifest")


def component(name: str, target: str = "json:dumps") -> ComponentInfo:
    return ComponentInfo(
        Role.PARSER,
        name,
        target,
        "reenactor.options:NoOptions",
        f"what {name} does",
        "MIT",
        frozenset({Facet.SKELETON}),
        frozenset({Facet.PARSING}),
    )


DATASET = DatasetInfo(
    "scenes", "json:dumps", "reenactor.options:NoOptions", "people of a test", "MIT"
)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plugins with one name in common, and a broken one."""
    catalog = Catalog(
        (
            ComponentEntry(component("alpha"), ONE),
            ComponentEntry(component("same"), ONE),
            ComponentEntry(component("same"), TWO),
        ),
        (SpecEntry(SpecInfo("theirs", "reenactor:none.yaml", "a spec"), TWO),),
        (Failure(BAD, "it is broken: ZeroDivisionError: division by zero", "Traceback: 1 / 0"),),
        (Provider("reenactor-blocked", "4.0", "b", "b"),),
        (DatasetEntry(DATASET, ONE),),
    )
    monkeypatch.setattr(session, "discover", lambda **_: catalog)


@pytest.mark.usefixtures("house")
def test_list(run: Run) -> None:
    result = run("plugins", "list")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[1].split() == [
        "parser", "alpha", "what", "alpha", "does", "MIT", "reenactor-one", "1.0",
    ]  # fmt: skip
    assert ["spec", "theirs", "a", "spec"] in [line.split()[:4] for line in lines]
    assert "conflict: parser 'same' is provided by reenactor-one 1.0 and reenactor-two 2.0" in lines
    assert any(line.startswith("broken: reenactor-bad 3.0: it is broken") for line in lines)
    assert lines[-1] == "blocked: reenactor-blocked 4.0"


@pytest.mark.usefixtures("house")
def test_list_for_a_program(run: Run) -> None:
    document = run("plugins", "list", "--json").document
    assert [c["name"] for c in document["components"]] == ["alpha", "same", "same"]
    assert document["failures"][0]["traceback"] == "Traceback: 1 / 0"
    assert document["conflicts"] == [
        {"role": "parser", "name": "same", "providers": ["reenactor-one 1.0", "reenactor-two 2.0"]}
    ]
    assert document["blocked"] == ["reenactor-blocked 4.0"]
    assert document["specs"][0]["name"] == "theirs"


@pytest.mark.usefixtures("house")
def test_show(run: Run) -> None:
    shown = run("plugins", "show", "parser/alpha").out
    assert "parser/alpha: what alpha does" in shown
    assert "needs     skeleton" in shown
    assert "no options" in shown
    assert run("plugins", "show", "same").out.count("parser/same") == 2
    for name in ("reenactor-bad", "bad"):  # the distribution's, and the entry point's
        assert "Traceback: 1 / 0" in run("plugins", "show", name).out
    (document,) = run("plugins", "show", "alpha", "--json").document
    assert document["options"]["properties"] == {}
    missing = run("plugins", "show", "alpah")
    assert missing.code == 2
    assert "did you mean 'alpha'?" in missing.err


@pytest.mark.usefixtures("house")
def test_doctor(run: Run) -> None:
    result = run("plugins", "doctor")
    assert result.code == 6
    assert "broken reenactor-bad 3.0: entry point 'bad': it is broken" in result.out
    assert "    Traceback: 1 / 0" in result.out
    assert "the parser 'alpha' does not implement its role" in result.out
    assert "two plugins provide it" in result.out
    assert "spec 'theirs': the package 'reenactor' has no file 'none.yaml'" in result.out
    as_json = run("plugins", "doctor", "--json")
    assert as_json.code == 6
    assert len(as_json.document) == 7


def test_the_built_ins_are_healthy(run: Run) -> None:
    result = run("plugins", "doctor")
    assert result.code == 0, result.out
    assert "broken" not in result.out


@pytest.mark.usefixtures("house")
def test_datasets_are_listed_and_shown(run: Run) -> None:
    row = ["dataset", "scenes", "people", "of", "a", "test", "MIT", "reenactor-one", "1.0"]
    assert row in [line.split() for line in run("plugins", "list").out.splitlines()]
    (listed,) = run("plugins", "list", "--json").document["datasets"]
    assert listed["name"] == "scenes"
    for name in ("scenes", "dataset/scenes", "reenactor-one"):
        assert "dataset/scenes: people of a test" in run("plugins", "show", name).out
    (shown,) = run("plugins", "show", "scenes", "--json").document
    assert shown["role"] == "dataset"
    assert shown["options"]["properties"] == {}
    missed = run("plugins", "show", "scense")
    assert missed.code == 2
    assert "did you mean 'scenes'?" in missed.err
