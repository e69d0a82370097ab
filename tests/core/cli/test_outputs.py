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

    for module in ("analysis", "resolve"):
        monkeypatch.setattr(f"reenactor.api.{module}.build", no_work)
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
    assert "already exists" in result.err or "other files" in result.err


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


STRANGE = [
    (*DANCE, "o.mp4"),
    (*DANCE, "x.mp4", "-x", "mask"),
    (*DANCE, "q.mp4", "--preview", "2"),
    (*DANCE, "f/%d.png"),
    (*DANCE, "frames"),
    ("analyze", "dance.mp4", "-o", "o.motion"),
    ("analyze", "dance.mp4", "-o", "x.motion"),
    ("demo", "-o", "d.mp4"),
    ("compare", "dance.mp4", "dance.mp4", "-o", "c.mp4"),
    ("compare", "dance.mp4", "dance.mp4", "-o", "frames"),
    ("schema", "-o", "s.json"),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--sheet", "look.png"),
]
PLACES = ("o.mp4", "x.mask.mp4", "q.preview.png", "f/7.png", "frames", "o.motion", "x.people.png",
          "d.mp4.json", "c.mp4", "frames", "s.json", "look.png")  # fmt: skip


@pytest.mark.parametrize("what", ["a named pipe", "a link to a device", "a link to a folder"])
@pytest.mark.parametrize(("arguments", "place"), list(zip(STRANGE, PLACES, strict=True)))
def test_what_is_no_file_is_not_replaced_even_if_asked(
    here: Path, run: Run, arguments: tuple[str, ...], place: str, what: str, tmp_path_factory: Any
) -> None:
    path = here / place
    path.parent.mkdir(exist_ok=True)
    if what == "a named pipe":
        os.mkfifo(path)
    else:
        far = tmp_path_factory.mktemp("far") if "folder" in what else "/dev/null"
        path.symlink_to(far)
    before = path.lstat()
    result = run(*arguments, "--overwrite")
    assert result.code == 7, result.err
    assert f"{place} cannot be replaced" in result.err
    assert what in result.err
    assert os.path.samestat(path.lstat(), before)
    assert not list(here.rglob(".*"))


NUMBERS = [
    (*DANCE, "o.mp4", "--start", "-1"),
    (*DANCE, "o.mp4", "--start", "nan"),
    (*DANCE, "o.mp4", "--start", "inf"),
    (*DANCE, "o.mp4", "--stop", "0"),
    (*DANCE, "o.mp4", "--stop", "-2"),
    (*DANCE, "o.mp4", "--stop", "nan"),
    (*DANCE, "o.mp4", "--stop", "inf"),
    (*DANCE, "o.mp4", "--start", "2", "--stop", "1"),
    (*DANCE, "o.mp4", "--start", "2", "--stop", "2"),
    (*DANCE, "o.mp4", "--seed", "-1"),
    (*DANCE, "o.mp4", "--seed", str(2**63)),
    (*DANCE, "o.mp4", "--threads", "0"),
    (*DANCE, "o.mp4", "--preview", "0"),
    (*DANCE, "o.mp4", "--preview", "2", "--start", "-1"),
    (*DANCE, "o.mp4", "--preview", "2", "--stop", "nan"),
    ("analyze", "dance.mp4", "--threads", "0"),
    ("demo", "--threads", "-1"),
    ("bench", "--threads", "0"),
    ("compare", "dance.mp4", "dance.mp4", "--height", "15"),
    ("compare", "dance.mp4", "dance.mp4", "--height", "4097"),
    ("evaluate", "default", "--videos", "dance.mp4", "--height", "-64", "--width", "64"),
    ("evaluate", "default", "--videos", "dance.mp4", "--height", "64", "--width", "9999"),
    ("evaluate", "default", "--videos", "dance.mp4", "--seed", "-1"),
    ("evaluate", "default", "--videos", "dance.mp4", "--seed", str(2**63)),
    ("evaluate", "default", "--videos", "dance.mp4", "--target", "9" * 5000),
    ("measure", "default", "--shards", ".", "--seed", "-1"),
    ("measure", "default", "--shards", ".", "--seed", str(2**63)),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--height", "63"),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--width", "5000"),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--limit", "0"),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--per-shard", "0"),
    ("prepare", "photos", "-s", "folder=.", "-o", "out", "--workers", "0"),
    ("study", "new", "s", "--fps", "nan"),
    ("study", "new", "s", "--fps", "0"),
    ("study", "new", "s", "--fps", "inf"),
    ("study", "serve", "s", "--port", "65536"),
]


@pytest.mark.parametrize("arguments", NUMBERS, ids=lambda given: " ".join(given)[-40:])
def test_numbers_out_of_range(here: Path, run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2, result.err
    assert sorted(path.name for path in here.iterdir()) == ["dance.mp4", "photo.jpg"]


@pytest.mark.parametrize("output", ["x%06d%06d.png", "x%s.png", "x%%.png", "frames%d", "x%d.mp4"])
@pytest.mark.parametrize("command", [DANCE, (*DANCE[:-1], "--preview", "1", "-o"), ("demo", "-o"),
                                     ("compare", "dance.mp4", "dance.mp4", "-o")])  # fmt: skip
def test_a_pattern_of_anything_but_one_number(
    here: Path, run: Run, command: tuple[str, ...], output: str
) -> None:
    result = run(*command, output)
    assert result.code == 2, result.err
    assert "invalid pattern for frames" in result.err
    assert sorted(path.name for path in here.iterdir()) == ["dance.mp4", "photo.jpg"]


def test_a_photo_where_a_video_is_wanted(here: Path, run: Run) -> None:
    for videos in (("photo.jpg", "dance.mp4"), ("dance.mp4", "photo.jpg")):
        result = run("compare", *videos, "-o", "c.mp4")
        assert result.code == 3
        assert "photo.jpg is a single picture" in result.err
        assert "use a video" in result.err
        assert "driver" not in result.err
    assert sorted(path.name for path in here.iterdir()) == ["dance.mp4", "photo.jpg"]
