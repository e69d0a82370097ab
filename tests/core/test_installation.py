import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reenactor.installation import installation_error


def failure(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str, source: str) -> Exception:
    """What importing a package with that source raises."""
    (folder / f"{package}.py").write_text(source)
    monkeypatch.syspath_prepend(str(folder))
    try:
        importlib.import_module(package)
    except Exception as error:
        return error
    raise AssertionError("it was imported")


NO_LIBRARY = "raise {}('{}: cannot open shared object file: No such file or directory')"


@pytest.mark.parametrize(
    ("kind", "library", "advice"),
    [
        ("ImportError", "libGL.so.1", "apt-get install libgl1 "),
        ("ImportError", "libgthread-2.0.so.0", "apt-get install libglib2.0-0 "),
        ("OSError", "libgomp.so.1", "apt-get install libgomp1 "),
        ("ImportError", "libcudart.so.13", "pip install --force-reinstall torch"),
        ("ImportError", "libsomething.so.4", "apt-file search libsomething.so.4"),
    ],
)
def test_a_system_library_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, library: str, advice: str
) -> None:
    name = f"lib_{abs(hash(library))}"
    told = installation_error(
        failure(tmp_path, monkeypatch, name, NO_LIBRARY.format(kind, library))
    )
    assert told is not None
    assert told.problem == f"the system library {library} is missing"
    assert name in told.expected
    assert advice in told.advice


def test_a_package_that_is_not_installed() -> None:
    for source, advice in (("import no_such_package", "pip install no_such_package"),):
        with pytest.raises(ModuleNotFoundError) as caught:
            exec(source)  # noqa: S102 - a plain import statement
        told = installation_error(caught.value)
        assert told is not None
        assert told.advice == advice


def test_the_name_by_which_a_package_is_installed() -> None:
    told = installation_error(ModuleNotFoundError("No module named 'cv2'", name="cv2"))
    assert told is not None
    assert "opencv-python" in told.advice


def test_a_package_that_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "raise ImportError('undefined symbol: _ZN5torch3jit')"
    told = installation_error(failure(tmp_path, monkeypatch, "broken_package", source))
    assert told is not None
    assert "broken_package" in told.problem
    assert "undefined symbol" in told.given
    assert "--force-reinstall broken_package" in told.advice


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'reenactor.nothing'", name="reenactor.nothing"),
        ValueError("libGL.so.1: cannot open shared object file"),
        FileNotFoundError(2, "No such file or directory"),
    ],
)
def test_what_is_no_fault_of_the_installation(error: Exception) -> None:
    assert installation_error(error) is None


def test_a_plugin_that_asks_for_a_name_that_is_not_there_is_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = failure(tmp_path, monkeypatch, "some_plugin", "from json import no_such_name")
    assert installation_error(error, ["some_plugin"]) is None


@pytest.mark.parametrize(
    "command", [("demo", "-o", "a.mp4"), ("plugins", "doctor"), ("compare", "a.mp4", "b.mp4")]
)
def test_without_libgl_a_command_names_what_to_install(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "cv2.py").write_text(NO_LIBRARY.format("ImportError", "libGL.so.1"))
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", *command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (1, 6)
    assert "libgl1" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "defect" not in done.stderr
