import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reenactor.catalog import Catalog, ComponentEntry, Provider
from reenactor.cli import session
from reenactor.manifest import ComponentInfo, Facet, Role, Weight

Run = Callable[..., Any]
OURS = Provider("reenactor", "0.1.0", "builtin", "reenactor_plugins.manifest")
SPEC = """\
version: 1
parser: segmenter
pose_estimator: points
inpainter: fill
body_generator: mover
frame_renderer: painter
"""


def component(role: Role, name: str, provides: Facet | None = None) -> ComponentInfo:
    return ComponentInfo(
        role,
        name,
        "a:B",
        "reenactor.options:NoOptions",
        "a test",
        "MIT",
        provides=frozenset({provides} if provides else ()),
        weights=(WEIGHT,) if name == "heavy" else (),
    )


WEIGHT = Weight("big", "big.pt", "0" * 64, 1000, "CC BY-NC 4.0", "a paper", commercial=False)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound spec, in a house where its components are installed."""
    infos = [
        component(Role.PARSER, "segmenter", Facet.PARSING),
        component(Role.PARSER, "heavy", Facet.PARSING),
        component(Role.POSE_ESTIMATOR, "points", Facet.SKELETON),
        component(Role.INPAINTER, "fill"),
        component(Role.BODY_GENERATOR, "mover", Facet.BODY),
        component(Role.FRAME_RENDERER, "painter"),
    ]
    catalog = Catalog(tuple(ComponentEntry(info, OURS) for info in infos))
    monkeypatch.setattr(session, "discover", lambda **_: catalog)
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_a_sound_spec(run: Run, spec: Path) -> None:
    result = run("check", str(spec))
    assert result.code == 0
    assert result.out == f"{spec} is valid: segmenter, points, fill, mover, painter\n"
    assert result.err == ""


def test_for_a_program(run: Run, spec: Path) -> None:
    result = run("check", str(spec), "--set", "output.height=256", "--json")
    assert result.code == 0
    assert result.document["resolved"]["output"] == {"height": 256, "width": 160}
    assert len(result.document["spec_hash"]) == 64
    assert result.document["notes"] == []


def test_mistakes(run: Run, spec: Path) -> None:
    result = run("check", str(spec), "-s", "output.height=250", "-s", "parser.k=1", "--json")
    assert result.code == 4
    problems = result.document["error"]["problems"]
    assert {p["field"] for p in problems} == {"output.height", "parser.k"}
    assert "override 'output.height=250': output.height" in result.err
    result = run("check", str(spec), "-s", "parser.k=1", "-s", "inpainter=fll", "--json")
    assert result.code == 4
    problems = result.document["error"]["problems"]
    assert {p["field"] for p in problems} == {"parser.k", "inpainter"}


def test_only_plugins_are_missing(run: Run, spec: Path) -> None:
    result = run("check", str(spec), "-s", "inpainter=fll")
    assert result.code == 6
    assert "did you mean 'fill'?" in result.err
    assert result.out == ""


def test_only_weights_are_missing(run: Run, spec: Path, tmp_path: Path) -> None:
    result = run("--weights-folder", str(tmp_path), "check", str(spec), "-s", "parser=heavy")
    assert result.code == 5
    assert "reenactor weights import big.pt" in result.err
    assert "note: override 'parser=heavy': parser: the weights 'big' do not allow" in result.err


def test_no_such_spec(run: Run, spec: Path) -> None:
    result = run("check", "nothing", "--json")
    assert result.code == 4
    assert result.document["error"]["problem"] == "no such spec"


def test_an_empty_name(run: Run, spec: Path) -> None:
    done = run("check", "")
    assert done.code == 4
    assert "the name of the spec is empty" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """In a process of its own, which can be ended where it waits."""
    os.mkfifo(tmp_path / "spec.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", "check", str(tmp_path / "spec.yaml")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "a named pipe" in done.stderr
