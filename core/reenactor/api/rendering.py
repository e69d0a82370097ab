"""Running a request: a video, a preview, or a benchmark."""

from collections.abc import Sequence
from pathlib import Path

from reenactor.api.request import PathLike, Request, require_type
from reenactor.api.resolve import build_components, resolve
from reenactor.api.setup import Setup
from reenactor.errors import UsageError
from reenactor.media.credentials import Credentials
from reenactor.media.outputs import require_free, require_writable
from reenactor.pipeline import bench as benchmark
from reenactor.pipeline import run as pipeline
from reenactor.pipeline.bench import Benchmark
from reenactor.pipeline.report import Report
from reenactor.pipeline.request import preview_path, require_outputs_free
from reenactor.progress import Progress, Silent
from reenactor.runtime import float32_by_default
from reenactor.spec import Spec


def reenact(
    target: PathLike,
    driver: PathLike,
    output: PathLike,
    *,
    spec: str | Path | Spec = "default",
    overrides: Sequence[str] = (),
    extras: Sequence[str] = (),
    start: float = 0.0,
    stop: float | None = None,
    overwrite: bool = False,
    credentials: Credentials | None = None,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Report:
    """Make a video in which the person of a photo performs the dance of a video.

    An interrupted run continues where it stopped: call it again with the same arguments.

    Args:
        target: a photo of one person.
        driver: a video of a dancer, or a motion file that `analyze` saved.
        output: .mp4, .webm, .mov, a folder, or a pattern such as `frames/%06d.png`.
        spec: the pipeline, by name, file or value.
        overrides: changes to the spec, such as `motion.retarget=none`.
        extras: videos to write beside the output: `parsing`, `mask`, `skeleton`, `beside`.
        start: where to begin, in seconds of the driver.
        stop: where to end, in seconds of the driver; None is its end.
        overwrite: replace existing outputs.
        credentials: sign the outputs with these (C2PA).
        setup: device, seed, plugins and weights; `Setup()` by default.
        progress: is told about stages and notes; nobody by default.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    request = Request(
        target=target,
        driver=driver,
        output=output,
        spec=spec,
        overrides=overrides,
        extras=extras,
        start=start,
        stop=stop,
        overwrite=overwrite,
        credentials=credentials,
    )
    return run(request, setup=setup, progress=progress)


@float32_by_default()
def run(
    request: Request, *, setup: Setup | None = None, progress: Progress | None = None
) -> Report:
    """Make the video of a request, as `reenact` does.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    setup = Setup.of(setup)
    plan = setup.plan(request.spec, request.overrides)
    resolved = resolve(setup, plan, request)
    require_outputs_free(resolved)
    components = build_components(setup, plan, resolved.extras)
    return pipeline.render_video(resolved, components, progress or Silent())


@float32_by_default()
def preview(
    request: Request,
    frames: int = 12,
    *,
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Path:
    """Render a few frames, spread over the dance, as one picture beside the output.

    Args:
        request: what would be run; its extras are left out.
        frames: how many, 1 or more.
        setup: as in `reenact`.
        progress: as in `reenact`.

    Returns:
        The picture's path: for `dance.mp4` it is `dance.preview.png`.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    require_type("frames", frames, int, "a whole number, 1 or more")
    if frames < 1:
        raise UsageError("too few frames", given=f"{frames} frames", expected="1 or more")
    path = Path(request.output)
    if path.suffix.lower() == ".png" and "%" not in path.name:
        video = path.with_suffix(".mp4")
        raise UsageError(
            "a preview is named after its video",
            given=str(path),
            expected=f"the video's name; the preview of {video.name} is {preview_path(video).name}",
            advice=str(video),
        )
    setup = Setup.of(setup)
    plan = setup.plan(request.spec, request.overrides)
    resolved = resolve(setup, plan, request)
    require_writable(resolved.output)
    require_free(
        [preview_path(resolved.output)], resolved.inputs.paths.values(), resolved.overwrite
    )
    components = build_components(setup, plan)
    return pipeline.render_preview(resolved, components, frames, progress or Silent())


@float32_by_default()
def bench(
    target: PathLike,
    driver: PathLike,
    *,
    spec: str | Path | Spec = "default",
    overrides: Sequence[str] = (),
    setup: Setup | None = None,
    progress: Progress | None = None,
) -> Benchmark:
    """Measure a run on this machine, and keep nothing of it.

    Raises:
        ReenactorError: what went wrong and what to do.
    """
    setup = Setup.of(setup)
    plan = setup.plan(spec, overrides)
    request = resolve(setup, plan, Request(target, driver, "bench.mp4"))
    return benchmark.run_benchmark(request, build_components(setup, plan), progress or Silent())


@float32_by_default()
def try_components(
    spec: str | Path | Spec, overrides: Sequence[str] = (), *, setup: Setup | None = None
) -> None:
    """Build every component of a spec once and discard it, before long work with it.

    Raises:
        ReenactorError: the spec has mistakes, or a component cannot be built, for example because
            weights are damaged or cannot be downloaded.
    """
    setup = Setup.of(setup)
    build_components(setup, setup.plan(spec, overrides))
