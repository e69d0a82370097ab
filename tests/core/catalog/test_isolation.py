"""What a plugin changes of the process is put back, and it is known who did it."""

import atexit
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor.catalog import discover
from reenactor.catalog.attribution import attributed
from reenactor.catalog.entries import Provider
from reenactor.catalog.isolation import isolated
from reenactor.errors import PluginError
from reenactor.manifest import Role

Install = Callable[..., Path]

HEAD = "import atexit, os, signal, sys\nfrom reenactor.hookspecs import hookimpl\n"
HOOK = "@hookimpl\ndef reenactor_components():\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sys.stdout = None", "set sys.stdout to None"),
        ("sys.stderr = None", "set sys.stderr to None"),
        ("del sys.stdout", "set sys.stdout to None"),
        ("sys.stdout.close()", "closed sys.stdout"),
        ("os.close(1)", "closed the file descriptor 1"),
        ("os.close(2)", "closed the file descriptor 2"),
        ("os._exit(0)", "called os._exit(0)"),
        ("sys.exit(0)", "SystemExit"),
        ("signal.signal(signal.SIGINT, signal.SIG_IGN)", "changed what SIGINT does"),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", "changed what SIGTERM does"),
        ("os.chdir('/')", "changed the working folder"),
        ("os.umask(0o777)", "changed the umask"),
        ("signal.signal(signal.SIGALRM, signal.SIG_IGN)", "changed what SIGALRM does"),
        ("atexit.register(os._exit, 0)", "registered an exit handler"),
        ("raise KeyboardInterrupt", "it raised KeyboardInterrupt"),
    ],
)
@pytest.mark.parametrize("place", ["module", "hook"])
def test_a_manifest_changes_nothing(
    install: Install,
    plugin: Install,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    said: str,
    place: str,
) -> None:
    for name in ("stdout", "stderr"):  # not those of the tests
        monkeypatch.setattr(sys, name, io.StringIO())
    before = _shared()
    plugin("mine")
    hook = f"{HOOK}    {line if place == 'hook' else 'pass'}\n    return []\n"
    source = f"{HEAD}{line if place == 'module' else ''}\n{hook}"
    install("reenactor-rude", {"manifest.py": source})
    catalog = discover()
    (failure,) = catalog.failures
    assert failure.provider.distribution == "reenactor-rude"
    assert said in failure.problem
    assert catalog.find(Role.PARSER, "mine").name == "mine"
    assert _shared() == before
    for stream in (sys.stdout, sys.stderr):
        stream.write("still open")
    os.fstat(1)
    os.fstat(2)


def _shared() -> tuple[object, ...]:
    mask = os.umask(0o022)
    os.umask(mask)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    return mask, handlers, Path.cwd(), os._exit, atexit.register


def test_ctrl_c_during_an_import_interrupts() -> None:
    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(10)

    with pytest.raises(KeyboardInterrupt), isolated("rude"):
        interrupt()


def test_exit_handlers_of_libraries_stay() -> None:
    called: list[int] = []
    with isolated("rude"):
        atexit.register(called.append, 1)  # this module is no part of the package `rude`
    atexit.unregister(called.append)


def test_a_fork_does_not_become_a_second_reenactor() -> None:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with isolated("rude"):
            if not os.fork():
                os.write(write, b"imported ")
        os.write(write, b"continued ")
        os.wait()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        assert sorted(said.read().split()) == [b"continued", b"imported"]


def test_streams_that_a_component_closes_are_opened_again() -> None:
    rude = Provider("reenactor-rude", "1.0", "rude", "rude.manifest")
    with (
        pytest.raises(PluginError, match="closed the file descriptor 2") as caught,
        attributed("the parser 'rude' failed", "rude:Parser", rude),
    ):
        os.close(2)
    assert "reenactor-rude 1.0" in caught.value.given
    os.fstat(2)


def test_a_failure_is_told_rather_than_what_was_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    def fail() -> None:
        sys.stdout = None
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), isolated():
        fail()
    assert sys.stdout is not None


def test_another_stream_may_take_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bars of progress, and tests, do so."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    other = io.StringIO()
    with isolated():
        monkeypatch.setattr(sys, "stdout", other)
    assert sys.stdout is other


def test_a_child_may_still_end_itself() -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    with isolated("rude"):
        child = os.fork()
        if not child:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.parametrize(
    "line",
    [
        "import atexit, os; atexit.register(os._exit, 0)",
        "import os, weakref; weakref.finalize(os, lambda: os._exit(0))",
        "raise KeyboardInterrupt",
    ],
)
def test_a_plugin_cannot_hide_a_failure(tmp_path: Path, install: Install, line: str) -> None:
    package = install("reenactor-rude", {"manifest.py": f"{HEAD}{line}\n{HOOK}    return []\n"})
    path = os.pathsep.join([str(package.parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", "plugins", "show", "nothing"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown component, dataset or plugin" in done.stderr


def test_the_command_goes_on_and_ends(tmp_path: Path, install: Install) -> None:
    """Its streams are closed and a thread of it never ends: the answer comes, and the exit code."""
    source = (
        f"{HEAD}import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
        f"sys.stdout.close()\nsys.stderr = None\n{HOOK}    return []\n"
    )
    package = install("reenactor-rude", {"manifest.py": source})
    path = os.pathsep.join([str(package.parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", "plugins", "list"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    assert "broken: reenactor-rude 1.0" in done.stdout
    assert "closed sys.stdout" in done.stdout
    assert not done.stderr
