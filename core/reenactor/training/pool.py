"""Who makes the shards: this process, some processes of this machine, or Ray's."""

import importlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pickle import dumps
from typing import Any

from reenactor.errors import ReenactorError, UsageError
from reenactor.progress import Advance
from reenactor.training.shard_builder import (
    ShardBuilder,
    ShardJob,
    ShardRange,
    ShardRecord,
    build_remotely,
)

BuiltShards = Generator[tuple[int, ShardRecord]]
"""Numbers of shards with what came of them, in the order in which they are done."""


def build_here(
    builder: ShardBuilder, ranges: Sequence[ShardRange], advance: Advance
) -> BuiltShards:
    """One after another."""
    for shard in ranges:
        yield shard.number, builder.build(shard, advance)


def build_in_processes(
    job: ShardJob, ranges: Sequence[ShardRange], advance: Advance, workers: int
) -> BuiltShards:
    """By processes of this machine. When the loop is left early, they are ended at once.

    Raises:
        ReenactorError: what a process raised, or that one was killed.
    """
    pickled = dumps(job)
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")  # a fork would share threads of networks
    pool = ProcessPoolExecutor(min(workers, len(ranges)), context, as_worker)
    try:
        futures = {pool.submit(build_remotely, pickled, shard): shard.number for shard in ranges}
        for future in as_completed(futures):
            record = future.result()
            advance(record.items)
            yield futures[future], record
        pool.shutdown()
    except BrokenProcessPool as error:
        raise ReenactorError(
            "a process that made shards was killed",
            advice="perhaps memory ran out: use fewer --workers; the same command goes on",
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()


def as_worker() -> None:
    """How a process of the pool begins: it ends with the first one, and only so.

    Ctrl-C goes to all processes of a terminal; the first one ends the others. If that one is
    killed, it cannot, and they would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def build_on_ray(job: ShardJob, ranges: Sequence[ShardRange], advance: Advance) -> BuiltShards:
    """By Ray: on the cluster that it is connected to, else on this machine.

    All machines must see the dataset's files and the folder of the shards under the same paths.

    Raises:
        UsageError: Ray is not installed.
        ReenactorError: what a task raised.
    """
    ray = _ray()
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False, logging_level=logging.ERROR)
    task: Callable[..., Any] = ray.remote(build_remotely).remote
    pickled = ray.put(dumps(job))
    waiting = {task(pickled, shard): shard.number for shard in ranges}
    try:
        while waiting:
            done, _ = ray.wait(list(waiting))
            record: ShardRecord = _result(ray, done[0])
            advance(record.items)
            yield waiting.pop(done[0]), record
    finally:
        for reference in waiting:
            ray.cancel(reference, force=True)


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise UsageError(
            "Ray is not installed",
            given="--ray",
            advice="pip install 'reenactor[ray]', or --workers N for processes of this machine",
        ) from error


def _result(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error  # what the task itself raised
