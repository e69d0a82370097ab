"""What commands do with their standard output and error, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = [
    ("--help",),
    ("--version",),
    ("run", "--help"),
    ("plugins",),
    ("plugins", "list"),
    ("plugins", "list", "--json"),
    ("plugins", "show", "blazepose"),
    ("weights", "list"),
    ("check", "default"),
    ("check", "default", "--json"),
    ("schema",),
]
BAD_NAME = os.fsdecode(b"caf\xe9.yaml")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def start(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "reenactor", *arguments],
        env=environment(**environ),
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_reader_that_has_left_is_no_error(arguments: tuple[str, ...]) -> None:
    """As with `| head -1`, where the reader was faster."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", *arguments],
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_output_that_takes_nothing_is_told(arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "reenactor", *arguments],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        silent = subprocess.run(
            [sys.executable, "-m", "reenactor", *arguments],
            env=environment(),
            stdout=full,
            stderr=full,
            check=False,
        )
    assert done.returncode == silent.returncode == 7
    assert done.stderr.startswith("error: cannot write to standard output: No space left")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "environ",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
@pytest.mark.parametrize("arguments", [("run", "--help"), ("study", "--help"), ("plugins", "list")])
def test_every_encoding_will_do(arguments: tuple[str, ...], environ: dict[str, str]) -> None:
    done = start(*arguments, **environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("environ", [{}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_name_that_is_not_utf8_can_be_told(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / BAD_NAME).write_text("version: 1\nparser: nobody\n")
    plain = start("check", str(tmp_path / BAD_NAME), **environ)
    assert plain.returncode == 4
    assert b"caf\\udce9.yaml" in plain.stderr
    document = json.loads(start("check", str(tmp_path / BAD_NAME), "--json", **environ).stdout)
    assert document["error"]["exit_code"] == 4


CHATTY = """
import os, subprocess, sys
print("hello from a plugin")
os.write(1, b"hello from below Python\\n")
subprocess.run(["echo", "hello from a program"])
sys.stdout.write("no end of line")
from reenactor.hookspecs import hookimpl
@hookimpl
def reenactor_components():
    print("hello from a hook")
    return []
"""


@pytest.mark.parametrize("name", ["plugins list --json", "check default --json", "schema"])
def test_what_a_plugin_prints_is_no_part_of_the_answer(tmp_path: Path, name: str) -> None:
    (tmp_path / "chatty_plugin.py").write_text(CHATTY)
    info = tmp_path / "chatty-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: chatty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[reenactor]\nchatty = chatty_plugin\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = start(*name.split(), PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
    for said in (b"a plugin", b"below Python", b"a program", b"a hook", b"no end of line"):
        assert said in done.stderr


def test_the_error_of_a_command_with_json_is_alone_too(tmp_path: Path) -> None:
    done = start("plugins", "show", "nobody", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["exit_code"] == 2


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the streams")
@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", "<&-", ">&-", "2>&-", "<&- >&-"])
def test_no_other_file_takes_the_place_of_a_closed_stream(tmp_path: Path, closed: str) -> None:
    said = tmp_path / "said"
    program = (
        "import os, sys; from reenactor.cli import app, lazy\n"
        "def look(*given):\n"
        "    for number in range(3): os.fstat(number)\n"
        f"    file = open({str(said)!r}, 'w')\n"
        "    file.write(str(file.fileno() > 2)); file.close(); os._exit(0)\n"
        "lazy.LazyGroup.resolve_command = look\n"
        "app.main()"
    )
    subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" demo {closed}', sys.executable, program],
        env=environment(),
        check=False,
    )
    assert said.exists()
    assert said.read_text() == "True"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("name", ["demo", "check default", "run"])
def test_a_working_folder_that_was_removed_is_told(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    done = subprocess.run(
        ["/bin/sh", "-c", f'rmdir "$PWD"; exec "$0" -m reenactor {name}', sys.executable],
        cwd=folder,
        env=environment(PYTHONPROFILEIMPORTTIME="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr[-900:]
    assert "error: the working folder does not exist any more" in done.stderr
    assert "| torch\n" not in done.stderr
