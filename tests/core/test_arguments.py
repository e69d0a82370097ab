"""Arguments of the wrong type: told at once, by name, and not blamed on a plugin.

And what else a calling program may bring with it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import reenactor
from reenactor import api
from reenactor.errors import OutputError, UsageError
from reenactor.media.outputs import require_writable
from reenactor.runtime import float32_by_default

GIVEN: dict[str, Any] = {"target": "photo.jpg", "driver": "dance.mp4", "output": "out.mp4"}


WRONG = {
    "Request(**given | {name!r: value})": [
        *("target=b'photo.jpg'", "driver=None", "output=1", "overrides='background=white'"),
        *("overrides=[1]", "overrides=None", "extras='mask'", "extras=[None]", "start=None"),
        *("start='1'", "start=True", "stop='1'", "stop=[1]", "overwrite='no'", "overwrite=1"),
        "credentials='me.pem'",
    ],
    "Setup(**{name!r: value})": [
        *("device=0", "precision=torch.bfloat16", "precision=None", "precision='bf16'"),
        *("seed=1.5", "seed=None", "seed=True", "threads=1.0", "threads='2'", "cache='wd'"),
        *("catalog='all'", "weights=Path('weights')"),
    ],
    "preview(Request(**given), value)": [
        *("frames=1.5", "frames='3'", "frames=None", "frames=True"),
    ],
    "reenact(*given.values(), **{name!r: value})": ["overrides=[1]", "spec=1", "setup='cpu'"],
    "bench('p.jpg', 'd.mp4', **{name!r: value})": ["overrides=[1]", "spec=1", "setup='cpu'"],
    "analyze('d.mp4', **{name!r: value})": ["overrides='a=1'", "spec=1", "setup='cpu'", "output=1"],
}
"""Calls that cannot be, and the arguments that they are made with."""

PROGRAM = """
import json, sys, torch
from pathlib import Path
from reenactor import *
given = {"target": "photo.jpg", "driver": "dance.mp4", "output": "out.mp4"}
for call, value in json.loads(sys.argv[1]):
    try:
        eval(call, {**globals(), "value": eval(value)})
        print("nothing")
    except Exception as error:
        said = [type(error).__name__, str(error), getattr(error, "given", "")]
        print(json.dumps([*said, getattr(error, "expected", "")]))
"""


def test_arguments_of_the_wrong_type() -> None:
    """In a process of its own, since the tests' own checks of types would come first."""
    cases = []
    for call, arguments in WRONG.items():
        for argument in arguments:
            name, _, value = argument.partition("=")
            cases.append((name, call.replace("{name!r:", f"{{{name!r}:"), value))
    command = [sys.executable, "-c", PROGRAM, json.dumps([case[1:] for case in cases])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(cases) == sum(map(len, WRONG.values()))
    for (name, call, value), line in zip(cases, lines, strict=True):
        what = f"{call} with {name}={value}: {line}"
        assert line != "nothing", what
        kind, problem, given, expected = json.loads(line)
        assert kind == "UsageError", what
        assert name in problem, what
        assert given.startswith(f"{name}="), what
        assert expected, what


@pytest.mark.parametrize("precision", ["auto", "float32", "bfloat16"])
def test_what_fits_is_taken(precision: str, tmp_path: Path) -> None:
    reenactor.Setup(device="cpu", precision=precision, seed=2**63 - 1, threads=2, cache=tmp_path)
    request = reenactor.Request(Path("a"), "b", "c", overrides=("x=1",), start=1.0, stop=2.5)
    assert request.stop == 2.5


CALLS: list[Callable[..., object]] = [
    lambda **more: api.reenact("p.jpg", "d.mp4", "o.mp4", **more),
    lambda **more: api.bench("p.jpg", "d.mp4", **more),
    lambda **more: api.analyze("d.mp4", **more),
    lambda **more: api.try_components("default", **more),
]


@pytest.fixture
def doubles() -> Iterator[None]:
    """A program that computes in float64 unless told otherwise."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def test_a_programs_default_dtype_is_no_components(
    doubles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fail(*given: object) -> None:
        seen.append(torch.zeros(1).dtype)
        raise UsageError("enough")

    monkeypatch.setattr(api.Setup, "plan", fail)
    request = reenactor.Request(**GIVEN)
    calls = [*CALLS, lambda: reenactor.preview(request), lambda: reenactor.run(request)]
    for call in calls:
        with pytest.raises(UsageError, match="enough"):
            call()
    assert seen == [torch.float32] * 6
    assert torch.get_default_dtype() == torch.float64


def test_components_are_built_and_called_with_float32(doubles: None) -> None:
    with float32_by_default():
        assert torch.nn.Linear(2, 2).weight.dtype == torch.float32
    assert torch.zeros(1).dtype == torch.float64


@pytest.mark.skipif(os.name == "nt", reason="needs /dev")
def test_no_preview_beside_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "pipe")
    (tmp_path / "old.mp4").touch()
    for path in (tmp_path / "pipe", tmp_path / "link.mp4", "/dev/stdout", "/dev/null", "/dev/x"):
        with pytest.raises(OutputError, match="is a device or a pipe"):
            require_writable(Path(path))
    for path in (tmp_path / "old.mp4", tmp_path / "new.mp4", tmp_path):
        require_writable(path)
