"""What `bench` says of whose time it was."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from reenactor import api
from reenactor.cli import bench, main
from reenactor.pipeline.bench import Benchmark

MEASURED = Benchmark(
    frames=10,
    size=(720, 540),
    canvas=(512, 320),
    pass_1=20.0,
    pass_2=4.0,
    end_to_end=3.3,
    processor=99.6,
    overhead_1=0.02,
    overhead_2=0.03,
    stages={"decode": 4.0, "body": 20.5, "frame": 100.25, "face": 12.5},
)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is rendered and nothing started."""
    monkeypatch.setattr(api, "bench", lambda *given, **options: MEASURED)
    assert isinstance(bench, ModuleType)
    monkeypatch.setattr(bench, "_starts", lambda *given: {})
    monkeypatch.setattr(bench, "_inputs", lambda *given: (tmp_path / "a.jpg", tmp_path / "b.mp4"))


@pytest.mark.usefixtures("measured")
def test_each_network_s_time_is_named_as_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--spec", "small", "--device", "cpu"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    for row in (
        ["body", "(p2b)", "20.5", "ms/frame"],
        ["frame", "(b2f)", "100.2", "ms/frame"],
        ["face", "(fr)", "12.5", "ms/frame"],
        ["decode", "4.0", "ms/frame"],
        ["processor", "time", "100", "ms/frame"],
    ):
        assert row in lines


@pytest.mark.usefixtures("measured")
def test_so_it_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--spec", "small", "--device", "cpu", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["components"] == {
        "dense": "mannequin",
        "body": "p2b",
        "frame": "b2f",
        "face": "fr",
    }
    assert answer["stages"]["face"] == 12.5


@pytest.mark.usefixtures("measured")
def test_a_spec_without_a_refiner_has_nobody_for_faces(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ["--set", "face_refiner=none", "--device", "cpu", "--json"]
    assert main(["bench", "--spec", "small", *options]) == 0
    assert "face" not in json.loads(capsys.readouterr().out)["components"]


def test_a_command_that_is_timed_again_may_replace_its_output(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    timed: list[list[str]] = []

    def record(arguments: list[str]) -> tuple[float, float]:
        timed.append(arguments)
        return 1.0, 1.0

    assert isinstance(bench, ModuleType)
    monkeypatch.setattr(bench, "_timed", record)
    bench._starts(tmp_path / "a.jpg", tmp_path / "b.mp4")
    writing = [arguments for arguments in timed if "-o" in arguments]
    assert len(writing) == 3
    assert all("--overwrite" in arguments for arguments in writing)


@pytest.mark.usefixtures("measured")
def test_the_precision_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["bench", "--spec", "small", "--device", "cpu", "--json"]
    for precision in ("float32", "bfloat16"):
        assert main([*options, "--precision", precision]) == 0
        assert json.loads(capsys.readouterr().out)["precision"] == precision
    assert main([*options, "--precision", "half"]) == 2
    assert "auto, float32, bfloat16" in capsys.readouterr().err
