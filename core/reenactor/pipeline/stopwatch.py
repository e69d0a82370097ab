"""How long each stage of a run took, summed over all frames."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Sums seconds by stage. Each stage is used by one thread, so that no lock is needed."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begin
