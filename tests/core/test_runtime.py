import subprocess
import sys
from collections.abc import Callable

import pytest
import torch

from reenactor.api import Setup
from reenactor.errors import UsageError
from reenactor.runtime import fastest_precision, usable_cores


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


@pytest.fixture
def cpu_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def has(amx: bool, avx: bool) -> None:
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx)

    return has


@pytest.mark.parametrize(
    ("amx", "avx", "dtype"),
    [
        (False, False, torch.float32),
        (True, False, torch.bfloat16),
        (False, True, torch.bfloat16),
    ],
)
def test_bfloat16_only_where_the_cpu_multiplies_it(
    cpu_with: Callable[..., None], amx: bool, avx: bool, dtype: torch.dtype
) -> None:
    cpu_with(amx, avx)
    assert Setup(device="cpu").runtime().dtype == dtype
    assert Setup(device="cpu", precision="float32").runtime().dtype == torch.float32
    assert Setup(device="cpu", precision="bfloat16").runtime().dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("capability", "precision"), [((7, 5), "float32"), ((8, 0), "bfloat16"), ((10, 0), "bfloat16")]
)
def test_bfloat16_only_on_gpus_from_ampere_on(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], precision: str
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert fastest_precision(torch.device("cuda", 1)) == precision
    assert fastest_precision(torch.device("mps")) == "float32"


def test_an_unknown_precision_is_told_with_what_was_meant() -> None:
    with pytest.raises(UsageError, match="unknown precision") as caught:
        Setup(precision="bfloat61")
    assert caught.value.given == "precision='bfloat61'"
    assert caught.value.expected == "auto, float32, bfloat16"
    assert caught.value.advice == "did you mean 'bfloat16'?"
