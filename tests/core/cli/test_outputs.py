"""What every command that writes finds in its way, before it begins."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reenactor.cli.demo import material

Run = Callable[..., Any]
MINE = b"something of the user's"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a photo and a dance, and a component that would take long."""

    def no_work(*arguments: object) -> object:
        raise AssertionError("the work began")

    monkeypatch.setattr("reenactor.api.build", no_work)
    shutil.copy(material().target, tmp_path / "photo.jpg")
    shutil.copy(material().driver, tmp_path / "dance.mp4")
    monkeypatch.chdir(tmp_path)
    return tmp_path


DANCE = ("run", "-t", "photo.jpg", "-d", "dance.mp4", "-o")
TAKEN = [
    ((*DANCE, "o.mp4"), "o.mp4"),
    ((*DANCE, "o.mp4"), "o.mp4.json"),
    ((*DANCE, "o.mp4", "-x", "mask"), "o.mask.mp4"),
    ((*DANCE, "o.webm", "-x", "beside"), "o.beside.mp4"),
    ((*DANCE, "f/%06d.png"), "f/000007.png"),
    ((*DANCE, "f/%d.png", "-x", "skeleton"), "f/%d.png.json"),
    ((*DANCE, "frames"), "frames/000000.png"),
    ((*DANCE, "q.mp4", "--preview", "2"), "q.preview.png"),
    (("analyze", "dance.mp4"), "dance.motion"),
    (("analyze", "dance.mp4", "-o", "x.motion"), "x.people.png"),
    (("demo",), "reenactor-demo.mp4"),
    (("demo", "-o", "d.mp4"), "d.beside.mp4"),
    (("compare", "dance.mp4", "dance.mp4", "-o", "c.mp4"), "c.mp4"),
    (("compare", "dance.mp4", "dance.mp4", "-o", "c_%03d.png"), "c_000.png"),
    (("schema", "-o", "s.json"), "s.json"),
    (("evaluate", "default", "--videos", "dance.mp4", "-o", "."), "report.md"),
    (("evaluate", "default", "--videos", "dance.mp4", "-o", "e"), "e/truth/dance.motion"),
    (("train", "p2b", "--data", ".", "-o", "runs"), "runs/weights.safetensors"),
    (("train", "p2b", "--data", ".", "-o", "runs"), "runs/log.jsonl"),
    (("prepare", "photos", "-s", "folder=.", "-o", "out"), "out/shards.json"),
    (("prepare", "photos", "-s", "folder=.", "-o", "out"), "out/shard-00000.zip"),
    (("prepare", "photos", "-s", "folder=.", "-o", "out", "--sheet", "look.png"), "look.png"),
]


@pytest.mark.parametrize(("arguments", "taken"), TAKEN, ids=lambda value: str(value)[-40:])
def test_what_is_there_stays(here: Path, run: Run, arguments: tuple[str, ...], taken: str) -> None:
    (here / taken).parent.mkdir(parents=True, exist_ok=True)
    (here / taken).write_bytes(MINE)
    result = run(*arguments)
    assert result.code == 2, result.err
    assert (here / taken).read_bytes() == MINE
    assert "there already" in result.err or "holds other files" in result.err


READ = [
    ((*DANCE, "photo.jpg.mp4", "--background", "scene.mp4"), "photo.jpg.mp4", "scene.mp4"),
    ((*DANCE, "o.mp4"), "o.mp4", "dance.mp4"),
    ((*DANCE, "o.mp4", "-x", "mask"), "o.mask.mp4", "dance.mp4"),
    ((*DANCE, "f/%06d.png"), "f/000001.png", "photo.jpg"),
    ((*DANCE, "q.mp4", "--preview", "2"), "q.preview.png", "photo.jpg"),
    ((*DANCE, "o.mp4", "--background", "places/"), "o.mp4", "places/1.png"),
    (("analyze", "dance.mp4", "-o", "x.motion"), "x.people.png", "dance.mp4"),
    (("compare", "dance.mp4", "dance.mp4", "-o", "c.mp4"), "c.mp4", "dance.mp4"),
]


@pytest.mark.parametrize("link", [os.link, os.symlink], ids=["hard link", "link"])
@pytest.mark.parametrize(("arguments", "output", "given"), READ)
def test_an_input_is_not_replaced_even_if_asked(
    here: Path, run: Run, arguments: tuple[str, ...], output: str, given: str, link: Any
) -> None:
    for name in (output, given):
        (here / name).parent.mkdir(exist_ok=True)
    if not (here / given).exists():
        (here / given).write_bytes(MINE)
    before = (here / given).read_bytes()
    link(here / given, here / output)
    result = run(*arguments, "--overwrite")
    assert result.code == 2, result.err
    assert "one of the inputs" in result.err
    assert (here / given).read_bytes() == (here / output).read_bytes() == before


def test_an_evaluation_does_not_write_into_what_it_measures(here: Path, run: Run) -> None:
    frames = here / "evaluation" / "crops" / "other" / "dance"
    frames.mkdir(parents=True)
    shutil.copy(here / "photo.jpg", frames / "000000.png")
    method = f"other={here / 'evaluation' / 'crops' / 'other'}"
    result = run("evaluate", "--method", method, "--videos", "dance.mp4", "--overwrite")
    assert result.code == 2
    assert "one of the inputs" in result.err
    assert (frames / "000000.png").exists()


@pytest.mark.parametrize("length", [232, 255, 256, 5000])
@pytest.mark.parametrize("command", [DANCE, ("analyze", "dance.mp4", "-o"), ("demo", "-o"),
                                     ("compare", "dance.mp4", "dance.mp4", "-o")])  # fmt: skip
def test_a_name_that_is_too_long(
    here: Path, run: Run, command: tuple[str, ...], length: int
) -> None:
    ending = ".motion" if command[0] == "analyze" else ".mp4"
    result = run(*command, "x" * (length - len(ending)) + ending)
    assert result.code == 7, result.err
    assert "too long" in result.err
    assert sorted(path.name for path in here.iterdir()) == ["dance.mp4", "photo.jpg"]


def test_the_sidecars_name_counts_too(here: Path, run: Run) -> None:
    result = run(*DANCE, "x" * 224 + ".mp4")  # the sidecar's has five bytes more
    assert result.code == 7
    assert "too long" in result.err


def test_with_json_the_refusal_is_a_document(here: Path, run: Run) -> None:
    (here / "o.mp4").write_bytes(MINE)
    result = run(*DANCE, "o.mp4", "--json")
    assert json.loads(result.out)["error"]["kind"] == "UsageError"
