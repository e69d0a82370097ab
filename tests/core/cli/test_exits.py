import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from reenactor import errors
from reenactor.cli.exits import exit_code_of
from reenactor.cli.settings import GlobalOptions


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ReenactorError("x"), 1),
        (errors.UsageError("x"), 2),
        (errors.NoPersonError("x"), 3),
        (errors.SpecError("x"), 4),
        (errors.WeightsError("x"), 5),
        (errors.PluginError("x"), 6),
        (errors.OutputError("x"), 7),
        (typer.BadParameter("x"), 2),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (ZeroDivisionError("x"), 70),
    ],
)
def test_the_table(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(error, GlobalOptions()) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "Traceback" not in captured.err


def test_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    error = errors.InputError("the photo is empty", given="a.jpg", expected="b", advice="c")
    exit_code_of(error, GlobalOptions())
    assert capsys.readouterr().err == (
        "error: the photo is empty\n  given:    a.jpg\n  expected: b\n  try:      c\n"
    )


def test_a_program_is_told_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    error = errors.InputError("the photo is empty", given="a.jpg")
    exit_code_of(error, GlobalOptions(as_json=True))
    assert json.loads(capsys.readouterr().out) == {
        "error": {
            "kind": "InputError",
            "exit_code": 3,
            "problem": "the photo is empty",
            "given": "a.jpg",
            "expected": "",
            "advice": "",
            "problems": [],
        }
    }


def test_a_defect_of_ours_asks_for_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        exit_code_of(error, GlobalOptions())
        plain = capsys.readouterr().err
        exit_code_of(error, GlobalOptions(debug=True))
        debug = capsys.readouterr().err
        code = exit_code_of(error, GlobalOptions(as_json=True))
        told = json.loads(capsys.readouterr().out)
    assert told["error"]["exit_code"] == code == 70
    assert "a bug in reenactor: ZeroDivisionError: division by zero" in plain
    assert "--debug" in plain
    assert "report" in plain
    assert "Traceback" in debug


def test_ctrl_c(tmp_path: Path) -> None:
    program = (
        "import sys\nimport reenactor.cli.session as session\nfrom reenactor.cli import main\n"
        "def interrupted(**_): raise KeyboardInterrupt\n"
        "session.discover = interrupted\n"
        "sys.exit(main(['plugins', 'list']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
