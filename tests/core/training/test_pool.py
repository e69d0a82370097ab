"""Processes that make shards do not outlive the one that started them."""

import subprocess
import sys

PROGRAM = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from reenactor.training.pool import as_worker

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), as_worker)
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 600)
    time.sleep(600)
"""


def test_a_worker_ends_with_the_first_process_even_if_that_is_killed() -> None:
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        worker = int(first.stdout.readline())
        assert worker != first.pid
        first.kill()
        # The worker has the same standard output: it ends when both have.
        rest, _ = first.communicate(timeout=60)
    assert rest == ""
