"""Checks that modules do not import torch, which takes seconds."""

import subprocess
import sys
from collections.abc import Collection

_PROGRAM = """
import importlib, sys
sys.path[:] = {path!r}
for name in {modules!r}:
    importlib.import_module(name)
    if "torch" in sys.modules:
        sys.exit(name + {suffix!r})
"""

IMPORTS_TORCH = " imports torch"


def import_problem(modules: Collection[str]) -> str:
    """The problem with importing these modules in a fresh process; empty if none imports torch.

    Args:
        modules: their names, in the order of import.
    """
    program = _PROGRAM.format(path=sys.path, modules=list(modules), suffix=IMPORTS_TORCH)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # the command is our own
    last = done.stderr.strip().splitlines()[-1:] or ["it exited the process"]
    return last[0] if done.returncode else ""
