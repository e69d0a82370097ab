"""Signals that end a command: it cleans up, says so, and ends with the code that shells expect."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

WRITE = """
import os, signal, sys, time
import reenactor.media.files as files

def write_half(path, content):
    with files.replacing(path) as part:
        part.write_bytes(content)
        try:
            os.kill(os.getpid(), {number})
            time.sleep({pause})
        finally:
            os.kill(os.getpid(), {number})

files.write_bytes = write_half
{before}
from reenactor.cli import main
sys.exit(main())
"""
"""A command that is sent a signal while it writes, and once more while it cleans up, as `timeout`
does."""


def write(
    folder: Path, number: int, before: str = "", pause: int = 60
) -> subprocess.CompletedProcess[str]:
    code = WRITE.format(number=int(number), before=before, pause=pause)
    command = [sys.executable, "-c", code, "schema", "-o", str(folder / "schema.json")]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGTERM, 143, "stopped by SIGTERM"),
        (signal.SIGHUP, 129, "stopped by SIGHUP"),
        (signal.SIGINT, 130, "interrupted"),
    ],
)
def test_what_is_half_made_is_removed_and_it_is_said(
    tmp_path: Path, number: int, code: int, said: str
) -> None:
    done = write(tmp_path, number)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if number != signal.SIGINT:  # a second Ctrl-C ends the cleaning up
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_that_is_ignored_ends_nothing(tmp_path: Path) -> None:
    ignored = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"  # as `nohup` does
    done = write(tmp_path, signal.SIGHUP, ignored, pause=0)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


def test_a_program_that_calls_a_command_keeps_its_signals(tmp_path: Path) -> None:
    code = (
        "import signal; from reenactor.cli import main\n"
        "main(['--version']); print(signal.getsignal(signal.SIGTERM).name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "SIG_DFL"
