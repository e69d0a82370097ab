import errno
import subprocess
import sys

import numpy as np
import pytest
import torch

from reenactor.cli.memory import memory_error

FAR_TOO_MUCH = 1 << 55


def of_torch() -> None:
    torch.empty(FAR_TOO_MUCH, dtype=torch.uint8)


def of_numpy() -> None:
    np.empty(FAR_TOO_MUCH, np.uint8)


@pytest.mark.parametrize("ask", [of_torch, of_numpy])
def test_what_libraries_raise(ask: object) -> None:
    assert callable(ask)
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        ask()
    told = memory_error(caught.value)
    assert told is not None
    assert told.problem == "out of memory"


@pytest.mark.parametrize(
    ("error", "is_told"),
    [
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (ImportError("libtorch_cpu.so: failed to map segment from shared object"), True),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("std::bad_alloc"), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (RuntimeError("a tensor of another shape"), False),
    ],
)
def test_which_errors_are_of_memory(error: Exception, is_told: bool) -> None:
    assert (memory_error(error) is not None) is is_told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("megabytes", [200, 700, 2000])
def test_a_limit_that_is_too_low_is_told(megabytes: int) -> None:
    """Without a trial the libraries' import fails, or the process is aborted, by how much it is."""
    import resource

    limit = megabytes << 20
    done = subprocess.run(
        [sys.executable, "-m", "reenactor", "analyze", "no-such-video.mp4"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "out of memory" in done.stderr
    assert f"ulimit -v {limit // 1024}" in done.stderr
    assert "Traceback" not in done.stderr
