"""Measuring a run: frames per second of each pass, and the framework's overhead.

The overhead compares processor time: a whole pass against the same steps of the method in a bare
loop without workers, queues or segments. Unlike wall time, it does not depend on how well the
workers overlap or on what else the machine does.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from reenactor.media.formats import Format
from reenactor.media.video import VideoInfo, probe, read_video
from reenactor.media.writer import SegmentWriter
from reenactor.pipeline import method
from reenactor.pipeline.detect import BATCH as DETECTION_BATCH
from reenactor.pipeline.detect import batched, describe_clip, detect_crowd, stack_frames
from reenactor.pipeline.driver import CrowdCache
from reenactor.pipeline.job import Job
from reenactor.pipeline.output import OutputStream
from reenactor.pipeline.render import RenderComponents, Renderer, Scene
from reenactor.pipeline.request import ResolvedRequest
from reenactor.pipeline.run import (
    Components,
    frames_between,
    prepare_scene,
    render_segments,
    render_video,
    streams_for,
)
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.progress import Progress, Silent
from reenactor.values import People


@dataclass(frozen=True)
class Benchmark:
    """What was measured.

    Attributes:
        frames: of the driver.
        size: height and width of the output, in pixels.
        canvas: height and width of the canvas, in pixels.
        pass_1: frames per second of detecting people, by wall time.
        pass_2: frames per second of rendering, by wall time.
        end_to_end: frames per second of both passes, by wall time.
        processor: milliseconds of processor time per frame, in all threads and both passes.
        overhead_1: the framework's processor time in pass 1, as a share of the bare steps'.
        overhead_2: the same for pass 2.
        stages: milliseconds per frame of each stage.
    """

    frames: int
    size: tuple[int, int]
    canvas: tuple[int, int]
    pass_1: float
    pass_2: float
    end_to_end: float
    processor: float
    overhead_1: float
    overhead_2: float
    stages: Mapping[str, float]


def run_benchmark(
    request: ResolvedRequest, components: Components, progress: Progress
) -> Benchmark:
    """Run the request in a temporary folder, then its steps in a bare loop."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        fresh = replace(
            request,
            output=folder / request.output.name,
            crowd_cache=CrowdCache(folder / "watched", request.crowd_cache.estimator),
        )
        report = render_video(fresh, components, progress)
        video = probe(request.driver)
        clip = describe_clip(video)
        overhead_1 = _overhead(
            lambda: detect_crowd(video, clip, components.estimator, Silent()),
            lambda: _bare_detect(video, components),
        )
        driver, scene = prepare_scene(fresh, components, Stopwatch(), Silent())
        indices = frames_between(scene.motion.clip, request.start, request.stop)
        streams = streams_for(replace(fresh, extras=()), scene, driver)
        job = Job(folder / "overhead.mp4", {})
        job.open()
        overhead_2 = _overhead(
            lambda: render_segments(
                job, streams, scene, components.rendering, indices, Stopwatch(), Silent()
            ),
            lambda: _bare_render(scene, components.rendering, indices, folder / "bare", streams[0]),
        )
    return Benchmark(
        frames=report.frames,
        size=scene.size,
        canvas=scene.window.canvas,
        pass_1=report.frames / report.wall["pass 1"],
        pass_2=report.frames / report.wall["pass 2"],
        end_to_end=report.frames / sum(report.wall.values()),
        processor=1000 * report.processor / report.frames,
        overhead_1=overhead_1,
        overhead_2=overhead_2,
        stages={name: 1000 * s / report.frames for name, s in report.seconds.items()},
    )


def _overhead(whole: Callable[[], object], bare: Callable[[], object]) -> float:
    """How much more processor time `whole` takes than `bare`, as a share of `bare`."""

    def cost(work: Callable[[], object]) -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    bare()  # warm caches and thread pools
    return cost(whole) / cost(bare) - 1


def _bare_detect(video: VideoInfo, components: Components) -> None:
    before: People | None = None
    for batch in batched(read_video(video), DETECTION_BATCH):
        before = method.key_points(components.estimator, stack_frames(batch, video), before)[-1]


def _bare_render(
    scene: Scene, components: RenderComponents, indices: list[int], path: Path, stream: OutputStream
) -> None:
    """Render the same frames in one thread to one file."""
    renderer = Renderer(scene, components, Stopwatch(), Silent())
    clip = scene.motion.clip
    writer = SegmentWriter(path, stream.kind, stream.size, clip.time_base, clip.fps, stream.alpha)
    with writer:
        for one in renderer.render(renderer.decode(indices)):
            writer.write(one.picture(stream.size), int(clip.times[one.index]))


def repeat_video(driver: Path, frames: int, path: Path) -> Path:
    """Write a video of that many frames, which repeats the driver."""
    video = probe(driver)
    step = max(1, round(1 / (video.fps * video.time_base)))
    writer = SegmentWriter(path, Format.MP4, video.size, video.time_base, video.fps)
    with writer:
        done = 0
        while done < frames:
            for frame in islice(read_video(video), frames - done):
                writer.write(frame.pixels, done * step)
                done += 1
    return path
