from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("device", ["nope", "meta", "hpu", "privateuseone", "xla", "cpu:-1", ""])
def test_a_device_that_cannot_compute(run: Callable[..., Any], device: str) -> None:
    done = run("train", "p2b", "--config", "tiny", "--device", device, "--dry-run")
    assert done.code == 2
    assert "device not available" in done.err
