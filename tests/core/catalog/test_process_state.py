"""What an import changes of the process's settings is put back; some of it makes it broken."""

import builtins
import gc
import importlib
import locale
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from reenactor.catalog import discover

resource = pytest.importorskip("resource", reason="this system has no resource limits")

Install = Callable[..., Path]

MANIFEST = """\
import builtins, gc, locale, os, resource, signal, socket, sys, warnings
from reenactor.hookspecs import hookimpl
{line}
@hookimpl
def reenactor_components():
    return []
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("signal.alarm(1000)", "started a timer"),
        ("signal.setitimer(signal.ITIMER_VIRTUAL, 1000)", "started a timer"),
        ("sys.setrecursionlimit(987)", "changed the recursion limit"),
        ("resource.setrlimit(resource.RLIMIT_NOFILE, (99, 4096))", "changed a resource limit"),
        ("gc.disable()", "turned the garbage collector on or off"),
        ("socket.setdefaulttimeout(1)", "changed the default timeout of sockets"),
        ("import torch; torch.set_default_dtype(torch.float64)", "changed torch's default"),
        ("import torch; torch.set_default_device('meta')", "changed torch's default"),
        ("import torch; torch.use_deterministic_algorithms(True)", "changed torch's default"),
        ("import torch; torch.set_grad_enabled(False)", "changed torch's default"),
    ],
)
def test_a_plugin_that_changes_the_process_is_broken(
    install: Install, line: str, said: str
) -> None:
    before = _blamed()
    install("reenactor-rude", {"manifest.py": MANIFEST.format(line=line)})
    (failure,) = discover().failures
    assert failure.provider.distribution == "reenactor-rude"
    assert said in failure.problem
    assert _blamed() == before


def _blamed() -> tuple[object, ...]:
    return (
        *(signal.getitimer(timer)[0] for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL)),
        *(sys.getrecursionlimit(), gc.isenabled(), socket.getdefaulttimeout()),
        resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        *(torch.get_default_dtype(), torch.empty(0).device, torch.is_grad_enabled()),
        torch.are_deterministic_algorithms_enabled(),
    )


@pytest.mark.parametrize(
    "line",
    [
        "builtins.print = builtins.open = None",
        "builtins.__import__ = None",
        "sys.modules.update(json=None, torch=None, yaml=None)",
        "del sys.modules['json']",
        "sys.path.clear()",
        "sys.path = []",
        "os.environ.clear()",
        "os.environ['HOME'] = '/nowhere'",
        "warnings.simplefilter('error')",
        "warnings.resetwarnings()",
        "sys.excepthook = sys.displayhook = None",
        "sys.settrace(lambda *_: None)",
        "gc.set_threshold(0)",
        "locale.setlocale(locale.LC_ALL, 'C')",
        "import torch; torch.set_num_threads(3)",
        "import torch; torch.backends.cudnn.benchmark = True",
        "import torch; torch.backends.cudnn.deterministic = True",
    ],
)
def test_what_libraries_change_too_is_restored_without_a_word(install: Install, line: str) -> None:
    install("reenactor-rude", {"manifest.py": MANIFEST.format(line=line)})
    before = _restored()
    assert not discover().failures
    assert _restored() == before


def _restored() -> tuple[object, ...]:
    hooks = (sys.excepthook, sys.displayhook, sys.gettrace())
    modules = [sys.modules.get(name, "absent") for name in ("json", "torch", "yaml", "tkinter")]
    speed = (torch.get_num_threads(), torch.backends.cudnn.benchmark)
    return (
        *(
            builtins.print,
            builtins.open,
            __import__,
            hooks,
            modules,
            speed,
            gc.get_threshold(),
            dict(os.environ),
        ),
        *(list(sys.path), list(warnings.filters), locale.setlocale(locale.LC_ALL)),
        torch.backends.cudnn.deterministic,
    )


def test_new_search_folders_and_variables_stay_behind_those_of_others(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUDE_FOLDER", raising=False)
    line = "sys.path.insert(0, '/vendored'); os.environ['RUDE_FOLDER'] = '/vendored'"
    install("reenactor-rude", {"manifest.py": MANIFEST.format(line=line)})
    assert not discover().failures
    assert sys.path[-1] == os.environ.pop("RUDE_FOLDER") == "/vendored"
    sys.path.remove("/vendored")


def test_a_module_that_was_blocked_can_be_imported(install: Install) -> None:
    before = sys.modules.pop("colorsys", None)
    line = "sys.modules['colorsys'] = None"
    install("reenactor-rude", {"manifest.py": MANIFEST.format(line=line)})
    assert not discover().failures
    assert importlib.import_module("colorsys") is not None
    if before is not None:
        sys.modules["colorsys"] = before
