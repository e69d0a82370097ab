import subprocess
import sys

import pytest

from reenactor.api import Setup
from reenactor.errors import UsageError
from reenactor.runtime import usable_cores


def test_only_cores_that_the_process_may_use_count() -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere a process may use all")
    program = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from reenactor.runtime import usable_cores; print(usable_cores())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "1"


def test_threads_are_bounded_by_the_cores() -> None:
    assert Setup(device="cpu", threads=4000).runtime().threads == usable_cores()
    assert Setup(device="cpu", threads=1).runtime().threads == 1


def test_no_thread_is_no_number_of_threads() -> None:
    with pytest.raises(UsageError, match="1 or more"):
        Setup(device="cpu", threads=0).runtime()
