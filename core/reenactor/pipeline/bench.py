"""Measuring a run: frames a second in each pass, and what the framework itself costs.

The framework's cost is processor time: that of a whole pass over that of the same steps of the
method, run one after another by a bare loop without workers, queues or segments. Unlike the clock
it does not depend on how well the workers overlap, or on what else the machine does.
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
from reenactor.pipeline.driver import Memory
from reenactor.pipeline.job import Job
from reenactor.pipeline.order import Order
from reenactor.pipeline.output import Track
from reenactor.pipeline.render import Components, Renderer, Scene
from reenactor.pipeline.run import (
    Team,
    chosen,
    perform,
    prepared,
    render_all,
    tracks_for,
)
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.pipeline.watch import BATCH as WATCHED
from reenactor.pipeline.watch import as_frames, batched, clip_of, watch
from reenactor.progress import Progress, Silent
from reenactor.values import People


@dataclass(frozen=True)
class Figures:
    """What was measured. Rates are frames a second by the clock; an overhead is a share of the
    bare steps' processor time; `stages` are milliseconds a frame of each stage's own clock."""

    frames: int
    size: tuple[int, int]
    canvas: tuple[int, int]
    pass_1: float
    pass_2: float
    end_to_end: float
    overhead_1: float
    overhead_2: float
    stages: Mapping[str, float]


def measure(order: Order, team: Team, progress: Progress) -> Figures:
    """Perform the order in a fresh place, then run its steps alone."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        fresh = replace(
            order,
            output=folder / order.output.name,
            memory=Memory(folder / "watched", order.memory.watcher),
        )
        report = perform(fresh, team, progress)
        video = probe(order.driver)
        clip = clip_of(video)
        overhead_1 = _share(
            lambda: watch(video, clip, team.estimator, Silent()), lambda: _bare_watch(video, team)
        )
        driver, scene = prepared(fresh, team, Stopwatch(), Silent())
        indices = chosen(scene.motion.clip, order.start, order.stop)
        tracks = tracks_for(replace(fresh, extras=()), scene, driver)
        job = Job(folder / "overhead.mp4", {})
        job.open()
        overhead_2 = _share(
            lambda: render_all(job, tracks, scene, team.components, indices, Stopwatch(), Silent()),
            lambda: _bare_render(scene, team.components, indices, folder / "bare", tracks[0]),
        )
    return Figures(
        frames=report.frames,
        size=scene.size,
        canvas=scene.window.canvas,
        pass_1=report.frames / report.wall["pass 1"],
        pass_2=report.frames / report.wall["pass 2"],
        end_to_end=report.frames / sum(report.wall.values()),
        overhead_1=overhead_1,
        overhead_2=overhead_2,
        stages={name: 1000 * s / report.frames for name, s in report.seconds.items()},
    )


def _share(whole: Callable[[], object], bare: Callable[[], object]) -> float:
    """How much more processor time the first takes than the second."""

    def cost(work: Callable[[], object]) -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    bare()  # warm caches and thread pools
    return cost(whole) / cost(bare) - 1


def _bare_watch(video: VideoInfo, team: Team) -> None:
    before: People | None = None
    for batch in batched(read_video(video), WATCHED):
        before = method.key_points(team.estimator, as_frames(batch, video), before)[-1]


def _bare_render(
    scene: Scene, components: Components, indices: list[int], path: Path, track: Track
) -> None:
    """The same frames in one thread and one file, batch after batch."""
    renderer = Renderer(scene, components, Stopwatch(), Silent())
    clip = scene.motion.clip
    writer = SegmentWriter(path, track.kind, track.size, clip.time_base, clip.fps, track.alpha)
    with writer:
        for one in renderer.rendered(renderer.read(indices)):
            writer.write(one.picture(track.size), int(clip.times[one.index]))


def repeated(driver: Path, frames: int, path: Path) -> Path:
    """A video of that many frames: the driver, again and again."""
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
