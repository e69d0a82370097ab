"""`reenactor bench`: speed and memory on this machine."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, Precision, SpecOption
from reenactor.cli.session import AsJson, Overrides, Session, Threads

app = command_app()


@app.command()
def bench(
    context: Context,
    target: Annotated[
        Path | None, typer.Option("--target", "-t", help="A photo; by default the demo's.")
    ] = None,
    driver: Annotated[
        Path | None, typer.Option("--driver", "-d", help="A video; by default the demo's.")
    ] = None,
    spec: SpecOption = "default",
    overrides: Overrides = None,
    device: Device = "auto",
    precision: Precision = "auto",
    threads: Threads = 1,
    memory: Annotated[
        bool,
        typer.Option("--memory", help="Also measure the peak memory for 300 and 3,000 frames."),
    ] = False,
    networks: Annotated[
        bool,
        typer.Option(
            "--networks", help="Measure only the spec's networks, by precision and batch size."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure a spec on this machine: frames per second, framework overhead, start-up times.

    Run it on an idle machine, because rates are by wall time.
    """
    from reenactor import api

    session = Session(context, as_json)
    setup = session.setup(device, threads, precision=precision)
    plan = setup.plan(spec, overrides or ())
    if networks:
        _networks(session, setup, plan, as_json)
        return
    inputs = _inputs(target, driver)
    measured = api.bench(
        *inputs, spec=spec, overrides=overrides or (), setup=setup, progress=session.progress
    )
    answer: dict[str, Any] = {
        "machine": _machine(),
        "spec": spec,
        "precision": setup.runtime().precision,
        "driver": inputs[1].name,
        **vars(measured),
        "components": _components(plan),
        "starts": _starts(*inputs),
    }
    if memory:
        answer["memory"] = _memory(*inputs, spec)
    if as_json:
        session.answer(answer)
    else:
        _show(session.console, answer)


def _components(plan: Any) -> dict[str, str]:
    """The components of pass 2 by stage."""
    from reenactor.manifest import Facet, Role

    parts = {
        "dense": plan.provider_of(Facet.DENSE),
        "body": plan.part(Role.BODY_GENERATOR),
        "frame": plan.part(Role.FRAME_RENDERER),
        "face": plan.part(Role.FACE_REFINER),
    }
    return {stage: part.info.name for stage, part in parts.items() if part is not None}


def _networks(session: Session, setup: Any, plan: Any, as_json: bool) -> None:
    from reenactor.evaluation.speed import speeds

    found = list(speeds(setup, plan))
    if as_json:
        session.answer({"machine": _machine(), "networks": [vars(one) for one in found]})
        return
    table = plain_table("component", "precision", "batch", "ms/frame", "GFLOP", "of peak")
    for one in found:
        table.add_row(
            one.name,
            one.precision,
            str(one.batch),
            f"{one.milliseconds:.1f}",
            f"{one.operations:.1f}",
            f"{one.share:.0%}",
        )
    session.console.print(f"{_machine()['processor']}, {_machine()['cores']} cores")
    session.console.print(table)


def _inputs(target: Path | None, driver: Path | None) -> tuple[Path, Path]:
    from reenactor.cli.demo import material

    made = material()
    return target or made.target, driver or made.driver


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "")


def _starts(target: Path, driver: Path) -> dict[str, float]:
    """Seconds until commands finish in new processes: the median of three."""
    with TemporaryDirectory() as folder:
        # Timed several times, each run replaces the picture of the one before.
        first = [
            "run",
            "-t",
            str(target),
            "-d",
            str(driver),
            "-o",
            f"{folder}/o.mp4",
            "--overwrite",
        ]
        return {
            "help": _median(["--help"]),
            "plugins list": _median(["plugins", "list"]),
            "preview of one frame": _median([*first, "--preview", "1", "--stop", "0.2"]),
        }


def _median(arguments: list[str]) -> float:
    return sorted(_timed(arguments)[0] for _ in range(3))[1]


def _timed(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a command."""
    code = (
        "import resource, sys; from reenactor.cli import main; code = main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
        "sys.exit(code)"
    )
    begin = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (our own interpreter, our own command)
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - begin
    return seconds, int(done.stderr.splitlines()[-1]) / 1024


def _memory(target: Path, driver: Path, spec: str) -> dict[str, float]:
    """Peak memory in MB with the driver repeated to 300 and 3,000 frames."""
    from reenactor.pipeline.bench import repeat_video

    peaks: dict[str, float] = {}
    with TemporaryDirectory() as folder:
        for frames in (300, 3000):
            long = repeat_video(driver, frames, Path(folder) / f"{frames}.mp4")
            arguments = ["run", "-t", str(target), "-d", str(long), "--spec", spec]
            _, peaks[f"{frames} frames"] = _timed([*arguments, "-o", f"{folder}/{frames}.out.mp4"])
    return peaks


def _show(console: Console, answer: dict[str, Any]) -> None:
    machine = answer["machine"]
    console.print(f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}")
    height, width = answer["canvas"]
    rows, columns = answer["size"]
    console.print(
        f"{answer['driver']}: {answer['frames']} frames of {columns}x{rows}, "
        f"spec {answer['spec']}, canvas {height}x{width}, {answer['precision']}\n"
    )
    table = plain_table("", "measured")
    table.add_row("pass 1", f"{answer['pass_1']:.1f} fps")
    table.add_row("pass 2", f"{answer['pass_2']:.1f} fps")
    table.add_row("end to end", f"{answer['end_to_end']:.1f} fps")
    table.add_row("processor time", f"{answer['processor']:.0f} ms/frame")
    table.add_row("framework overhead, pass 1", f"{answer['overhead_1']:+.1%} processor time")
    table.add_row("framework overhead, pass 2", f"{answer['overhead_2']:+.1%} processor time")
    for stage, milliseconds in answer["stages"].items():
        name = answer["components"].get(stage)
        table.add_row(f"  {stage}" + f" ({name})" * bool(name), f"{milliseconds:.1f} ms/frame")
    for name, seconds in answer["starts"].items():
        table.add_row(name, f"{seconds:.2f} s")
    for name, megabytes in answer.get("memory", {}).items():
        table.add_row(f"peak memory, {name}", f"{megabytes:.0f} MB")
    console.print(table)
