"""`reenactor study` as a command; its work is tested elsewhere."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reenactor.media.photo import write_photo
from reenactor.study.answers import Answers, Preference
from reenactor.study.plan import Step

Run = Callable[..., Any]


@pytest.fixture
def study(run: Run, tmp_path: Path) -> Path:
    """A study of two methods and one video, made by the command."""
    for name in ("ours", "spt"):
        for number in range(3):
            picture = np.full((64, 48, 3), 40 * number, np.uint8)
            write_photo(tmp_path / name / "waltz" / f"{number:06d}.png", picture)
    methods = [f"--method={name}={tmp_path / name}" for name in ("ours", "spt")]
    result = run("study", "new", str(tmp_path / "study"), *methods, "--reference", "ours", "--json")
    assert result.document["videos"] == ["waltz"]
    return tmp_path / "study"


def test_served_answered_and_counted(run: Run, study: Path) -> None:
    command = [sys.executable, "-m", "reenactor", "study", "serve", str(study), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        with urllib.request.urlopen(address + "begin", b"") as page:  # noqa: S310
            link = page.url
            text = page.read().decode()
        assert "1 of 1" in text
        with urllib.request.urlopen(link, b"place=0&choice=left") as page:  # noqa: S310
            assert "Thank you" in page.read().decode()
        process.send_signal(signal.SIGINT)
        assert "study report" in process.stdout.read()
        assert process.wait() == 0
    (study / "report.md").write_text("mine")
    assert run("study", "report", str(study)).code == 2
    assert (study / "report.md").read_text() == "mine"
    result = run("study", "report", str(study), "--overwrite")
    assert re.search(r"ours +spt +[01]\.00 +0\.\d\d … \d\.\d\d +— +1 +0", result.out)
    assert (study / "report.md").read_text("utf-8").startswith("# Which video is better?")
    assert len((study / "answers.csv").read_text("utf-8").splitlines()) == 2
    assert len((study / "preferences.csv").read_text("utf-8").splitlines()) == 3
    document = run("study", "report", str(study), "--finished", "--json").document
    assert document == json.loads((study / "report.json").read_text("utf-8"))
    assert document["participants"] == {
        "began": 1, "counted": 1, "finished": 1, "only_finished": True
    }  # fmt: skip


def test_answers_about_what_is_gone_are_told(run: Run, study: Path) -> None:
    answers = Answers(study / "answers.sqlite")
    token = answers.begin(lambda number: [Step("tango", "ours", "spt", "?")])
    answers.answer(token, 0, Preference.LEFT)
    result = run("study", "report", str(study))
    assert result.code == 0
    assert "ours/tango, spt/tango" in result.err


def test_mistakes(run: Run, study: Path, tmp_path: Path) -> None:
    for arguments, code, said in (
        (("new", str(study), "--method", "a"), 2, "NAME=FOLDER"),
        (("new", str(study), "--method", "a=x", "--method", "a=y"), 2, "with different names"),
        (("new", str(study), "--fps", "0"), 2, "--fps"),
        (("new", str(study)), 2, "exists"),
        (("report", str(study)), 3, "nobody has taken part"),
        (("serve", str(tmp_path)), 3, "reenactor study new"),
        (("serve", str(study), "--host", "no.such.host.invalid"), 2, "cannot serve the study"),
    ):
        result = run("study", *arguments)
        assert result.code == code, arguments
        assert said in result.err, arguments


def test_an_open_door_is_told(run: Run, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reenactor.study.server.StudyServer.serve_forever", interrupted)
    result = run("study", "serve", str(study), "--port", "0", "--host", "0.0.0.0")  # noqa: S104
    assert result.code == 0
    assert "without encryption" in result.err
    assert "note" not in run("study", "serve", str(study), "--port", "0").err
