"""Measures the speed of networks: time per frame, and the share of the machine's peak.

The peak is measured as well, as a large matrix product in the same precision and threads.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from reenactor.api import Setup
from reenactor.catalog import Plan
from reenactor.catalog.build import build
from reenactor.manifest import Role
from reenactor.pipeline import method
from reenactor.runtime import Runtime
from reenactor.spec.motion import PAPER_CANVAS
from reenactor.testing.samples import SampleInputs, chosen, samples, some_of

BATCHES = (1, 8)
PRECISIONS = (torch.float32, torch.bfloat16)
LEAST = 1.0
"""The minimum duration of each measurement in seconds."""
SIDE = 2048
"""The size of the matrices for measuring the peak."""


@dataclass(frozen=True)
class Speed:
    """One component in one precision at one batch size.

    `milliseconds` is the time per frame, `operations` the floating point operations per frame in
    billions (multiplications and additions), `share` the share of the peak.
    """

    role: str
    name: str
    precision: str
    batch: int
    milliseconds: float
    operations: float
    share: float


def speeds(setup: Setup, plan: Plan) -> Iterator[Speed]:
    """Measure the networks of a spec on a synthetic dancer, at the spec's canvas size."""
    canvas = plan.spec.output.canvas or PAPER_CANVAS
    drawn = samples(max(BATCHES), canvas=canvas)
    runtime = setup.runtime()
    for precision in PRECISIONS:
        peak = peak_of(runtime.device, precision)
        there = Runtime(runtime.weight, runtime.device, precision, runtime.seed, runtime.threads)
        for role in (Role.BODY_GENERATOR, Role.FRAME_RENDERER, Role.FACE_REFINER):
            part = plan.part(role)
            if part is None:
                continue
            component = build(part.info, part.options, there, part.provider)
            for batch in BATCHES:
                call = _call(role, component, drawn, batch)
                with torch.inference_mode():
                    with FlopCounterMode(display=False) as counter:
                        call()  # also warms up
                    seconds = timed(call, runtime.device) / batch
                operations = counter.get_total_flops() / batch
                yield Speed(
                    role.value,
                    part.info.name,
                    str(precision).removeprefix("torch."),
                    batch,
                    seconds * 1e3,
                    operations / 1e9,
                    operations / seconds / peak,
                )


def _call(role: Role, component: Any, drawn: SampleInputs, batch: int) -> Callable[[], object]:
    """A function that calls the component on that many frames, with everything prepared."""
    pose = chosen(drawn.pose, range(batch))
    body = some_of(drawn.on_canvas.parsing, range(batch))
    if role is Role.FACE_REFINER:
        face = component.prepare(drawn.target)
        frames = drawn.on_canvas.frames.images[:batch]
        return lambda: method.refine(component, face, frames, pose, body)
    prepared = component.prepare(drawn.target, drawn.motion)
    if role is Role.BODY_GENERATOR:
        return lambda: method.generate_body(component, prepared, pose)
    return lambda: method.render(component, prepared, pose, body)


def peak_of(device: torch.device, precision: torch.dtype) -> float:
    """Floating point operations per second in a product of large matrices."""
    a = torch.randn(SIDE, SIDE, device=device, dtype=precision)
    with torch.inference_mode():
        return 2 * SIDE**3 / timed(lambda: a @ a, device)


def timed(call: Callable[[], object], device: torch.device) -> float:
    """Seconds per call: the fastest of several calls."""

    def once() -> float:
        begin = time.perf_counter()
        call()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter() - begin

    best = total = once()
    while total < LEAST:
        seconds = once()
        best, total = min(best, seconds), total + seconds
    return best
