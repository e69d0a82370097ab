import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reenactor.cli.demo import material
from reenactor.media.photo import read_photo, write_photo
from reenactor.training.shards import Shards

Run = Callable[..., Any]
SMALL = ("--height", "128", "--width", "80")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with somebody, and a photo of nobody."""
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(material().target, folder / "kofi one.jpg")
    write_photo(folder / "wall.png", np.full((200, 200, 3), 90, np.uint8))
    return folder


def test_photos_become_examples(run: Run, photos: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "out", tmp_path / "sheet.png"
    done = run(
        "prepare", "photos", "--set", f"folder={photos}", "--out", str(out), *SMALL,
        "--sheet", str(sheet),
    )  # fmt: skip
    assert done.code == 0, done.err
    assert f"{out}: 1 examples of 2 items in 1 shards" in done.out
    assert "note: wall: nobody was found" in done.err
    assert "1 skipped in all" in done.err
    (example,) = Shards([out])
    assert example.entry.name == "photos/kofi_one"
    assert example.canvas == (128, 80)
    share = (example.parsing.labels > 0).float().mean()
    assert 0.1 < share < 0.6
    assert example.dense is not None
    assert read_photo(sheet).pixels.shape[2] == 3
    again = run(
        "prepare", "photos", "--set", f"folder={photos}", "--out", str(out), *SMALL, "--json"
    )
    assert again.document["found"] == 2
    assert again.document["skipped"] == [{"name": "wall", "why": "nobody was found"}]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("phtos",), 6, "did you mean 'photos'?"),
        (("photos",), 4, "folder: missing"),
        (("photos", "--set", "foldr=x"), 4, "did you mean 'folder'?"),
        (("photos", "--set", "folder=nowhere"), 3, "does not exist"),
        (("videos", "--set", "folder=nowhere"), 3, "does not exist"),
        (("photos", "--set", "folder=.", "--spec", "defualt"), 4, "did you mean 'default'?"),
        (("photos", "--set", "folder=.", "--limit", "0"), 2, "--limit"),
        (("photos", "--set", "folder=.", "--sheet", "."), 7, "cannot be replaced"),
    ],
)
def test_mistakes_on_the_command_line(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = run("prepare", *arguments, "--out", str(tmp_path / "out"))
    assert done.code == code
    assert said in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_whole_shards(photos: Path, tmp_path: Path, workers: str) -> None:
    for number in range(40):
        shutil.copy(material().target, photos / f"k{number}.jpg")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "reenactor", "prepare", "photos", "--set", f"folder={photos}",
         "--out", str(out), *SMALL, "--per-shard", "1", "--workers", workers],
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    state = out / "shards.json"
    while not (state.exists() and "shard-" in state.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    listed = [shard["file"] for shard in json.loads(state.read_text())["shards"]]
    assert 0 < len(listed) < 41
    assert len(Shards([out])) == len(listed)
    if workers == "1":
        assert not list(out.glob(".*"))


def test_a_photo_that_was_replaced_is_not_mixed_with_the_others(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed run prepared of the photo before is not kept with the photo of now."""
    monkeypatch.setattr("reenactor.training.prepare._made", lambda *_: (_ for _ in ()))
    photo = tmp_path / "photos" / "a.jpg"
    photo.parent.mkdir()
    photo.write_bytes(b"one")
    command = ("prepare", "photos", "-s", f"folder={photo.parent}", "-o", str(tmp_path / "out"))
    assert run(*command).code == 3  # no example was made
    assert run(*command).code == 3  # it would go on
    before = photo.stat().st_mtime_ns
    photo.write_bytes(b"two")
    os.utime(photo, ns=(before, before))
    result = run(*command)
    assert result.code == 2
    assert "other settings" in result.err
    assert "folder" in result.err
    assert run(*command, "--overwrite").code == 3


def test_shards_inside_the_folder_that_is_read_do_not_count(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reenactor.training.prepare._made", lambda *_: (_ for _ in ()))
    (tmp_path / "a.jpg").write_bytes(b"one")
    command = ("prepare", "photos", "-s", f"folder={tmp_path}", "-o", str(tmp_path / "out"))
    assert run(*command).code == 3
    (tmp_path / "out" / "shard-00000.zip").touch()
    assert run(*command).code == 3
