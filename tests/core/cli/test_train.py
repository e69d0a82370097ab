from collections.abc import Callable
from typing import Any


def test_a_device_that_is_not_there(run: Callable[..., Any]) -> None:
    done = run("train", "p2b", "--config", "tiny", "--device", "nope", "--dry-run")
    assert done.code == 2
    assert "device not available" in done.err
