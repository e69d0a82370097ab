import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import reenactor
from reenactor.cli.lazy import COMMANDS

Run = Callable[..., Any]


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"{name}\s+{re.escape(line[:30])}", result.out)
    assert run().out == result.out


def test_version(run: Run) -> None:
    result = run("--version")
    assert (result.code, result.out) == (0, f"reenactor {reenactor.__version__}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert "Usage: reenactor" in result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chek",), "did you mean 'check'?"),
        (("--no-such-option",), "reenactor --help"),
        (("check",), "reenactor check --help"),
        (("check", "a", "b"), "reenactor check --help"),
        (("plugins", "lst"), "reenactor plugins --help"),
        (("--block", "nobody", "plugins", "list"), "no such plugin"),
    ],
)
def test_a_command_line_that_does_not_fit(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.err.startswith("error: ")
    assert said in result.err
    assert result.out == ""


@pytest.mark.parametrize("command", ["plugins", "weights"])
def test_a_command_of_commands_shows_its_help(run: Run, command: str) -> None:
    result = run(command)
    assert result.code == 0
    assert "Usage" in result.out


QUICK = (
    ("--help",),
    ("check", "--help"),
    ("check", "default"),
    ("check", "no-such-spec"),
    ("plugins", "list"),
    ("plugins", "list", "--json"),
    ("plugins", "--help"),
    ("plugins", "show", "blazepose"),
    ("schema",),
    ("weights", "list"),
)


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_naming_is_cheap_torch_stays_out(arguments: tuple[str, ...]) -> None:
    program = (
        "import sys\nfrom reenactor.cli import main\n"
        f"main({list(arguments)!r})\n"
        "heavy = {'torch', 'cv2', 'av', 'onnxruntime'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_program_and_the_module_are_the_same(run: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", "--version"], capture_output=True, text=True
    )
    assert done.stdout == run("--version").out
    failed = subprocess.run(
        [sys.executable, "-m", "reenactor", "chek"], capture_output=True, text=True
    )
    assert failed.returncode == 2
