"""A whole run: a photo and a driver in, a video out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from reenactor.errors import OutputError, UsageError
from reenactor.media.contents import NOTHING, Inputs
from reenactor.media.files import require_space, write_json
from reenactor.media.formats import Format, expected_bytes
from reenactor.media.lock import locked
from reenactor.media.mark import COMMENT, SYNTHETIC, marked
from reenactor.media.outputs import require_free
from reenactor.media.photo import read_photo, write_photo
from reenactor.media.sequence import restore
from reenactor.media.stream import Sink, depth_for
from reenactor.ops import drawing
from reenactor.pipeline.absence import require_dancer
from reenactor.pipeline.backdrop import TransparentBackdrop
from reenactor.pipeline.driver import Driver, open_driver
from reenactor.pipeline.job import Job
from reenactor.pipeline.output import (
    OutputStream,
    OutputWriter,
    join_outputs,
    load_past,
    missing_segments,
    output_paths,
    output_streams,
)
from reenactor.pipeline.render import RenderComponents, RenderedFrame, Renderer, Scene
from reenactor.pipeline.report import Report
from reenactor.pipeline.request import (
    ResolvedRequest,
    preview_path,
    report_path,
    require_outputs_free,
)
from reenactor.pipeline.scene import build_scene
from reenactor.pipeline.stopwatch import Stopwatch, peak_memory
from reenactor.pipeline.target import analyze_photo
from reenactor.progress import Advance, Progress
from reenactor.roles import Inpainter, Parser, SkeletonEstimator
from reenactor.spec.background import SceneBackground
from reenactor.values import Clip


@dataclass(frozen=True)
class Components:
    """The components of a run."""

    estimator: SkeletonEstimator[Any]
    parser: Parser[Any]
    inpainter: Inpainter[Any, Any] | None
    rendering: RenderComponents


class _Notes:
    """Forwards progress and collects the notes."""

    def __init__(self, progress: Progress) -> None:
        self.stage = progress.stage
        self._tell = progress.note
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        if text not in self.texts:
            self.texts.append(text)
            self._tell(text)


def render_video(request: ResolvedRequest, components: Components, progress: Progress) -> Report:
    """Make the output; an interrupted run continues where it stopped.

    Raises:
        ReenactorError: nothing incomplete is left under the output's name.
    """
    notes = _Notes(progress)
    for text in request.notes:
        notes.note(text)
    stopwatch = Stopwatch()
    begin, processor = time.perf_counter(), time.process_time()
    with locked(*output_paths(request.output, request.extras), report_path(request.output)):
        restore(request.output)
        require_outputs_free(request)
        driver, scene = prepare_scene(request, components, stopwatch, notes)
        watched = time.perf_counter()
        indices = frames_between(scene.motion.clip, request.start, request.stop)
        streams = streams_for(request, scene, driver)
        guess = sum(
            expected_bytes(stream.kind, stream.size, len(indices), stream.alpha)
            for stream in streams
        )
        require_space(request.output.parent, guess)
        job = Job(request.output, request.fingerprint)
        if job.open():
            notes.note(
                "starting over: the interrupted run had other inputs or settings, or its files are "
                "damaged"
            )
        new = render_segments(
            job, streams, scene, components.rendering, indices, stopwatch, notes, request.inputs
        )
        rendered = time.perf_counter()
        absent = tuple(i for i in indices if not bool(scene.motion.present[i]))
        report = Report(
            outputs=tuple(stream.output for stream in streams),
            frames=len(indices),
            resumed_at=len(indices) - new,
            canvas=scene.window.canvas,
            people=driver.people,
            absent=absent,
            wall={
                "pass 1": watched - begin,
                "pass 2": rendered - watched,
            },
            seconds=stopwatch.seconds,
            processor=time.process_time() - processor,
            memory=peak_memory(),
            fingerprint=request.fingerprint,
            notes=tuple(notes.texts),
        )
        require_outputs_free(request)  # rendering may have taken hours
        job.begin_joining()
        write_json(report_path(request.output), report.as_json())
        audio = None if driver.video is None or not driver.video.has_audio else driver.video.path
        metadata = {"comment": _comment(request)}
        join_outputs(
            job,
            streams,
            driver.motion.clip,
            indices,
            audio,
            metadata,
            notes.note,
            request.credentials,
        )
        job.remove()
    return report


def render_preview(
    request: ResolvedRequest, components: Components, count: int, progress: Progress
) -> Path:
    """Render a few frames, spread over the clip, into one picture beside the output."""
    path = preview_path(request.output)
    require_free([path], request.inputs.paths.values(), request.overwrite)
    if request.credentials is not None:
        request.credentials.require_usable(Format.FRAMES)
    with locked(path):
        stopwatch = Stopwatch()
        driver, scene = prepare_scene(request, components, stopwatch, progress)
        every = frames_between(scene.motion.clip, request.start, request.stop)
        places = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
        indices = [every[i] for i in sorted(set(places.tolist()))]
        pictures, captions = [], []
        renderer = Renderer(scene, components.rendering, stopwatch, progress)
        with progress.stage("rendering a preview", len(indices)) as advance:
            for one in renderer.frames(indices):
                pictures.append(_picture(one, scene))
                captions.append(f"{float(driver.motion.clip.seconds[one.index]):.1f} s")
                advance(1)
        request.inputs.require_unchanged()
        write_photo(path, drawing.contact_sheet(pictures, captions), marked())
        if request.credentials is not None:
            request.credentials.sign(path, Format.FRAMES)
    return path


def prepare_scene(
    request: ResolvedRequest, components: Components, stopwatch: Stopwatch, progress: Progress
) -> tuple[Driver, Scene]:
    """Analyze the target, run pass 1, and set up the scene."""
    with stopwatch.timing("target"):
        portrait = analyze_photo(
            read_photo(request.target), components.estimator, components.parser, progress
        )
    with stopwatch.timing("watch"):
        driver = open_driver(
            request.driver, components.estimator, request.spec.motion, request.crowd_cache, progress
        )
    indices = frames_between(driver.motion.clip, request.start, request.stop)
    require_dancer(
        driver, indices, request.spec.background == SceneBackground(scene="driver"), progress.note
    )
    with stopwatch.timing("scene"):
        scene = build_scene(portrait, driver, request.spec, components.inpainter, progress)
    return driver, replace(scene, shows_driver="beside" in request.extras)


def frames_between(clip: Clip, start: float, stop: float | None) -> list[int]:
    """The frames between two times, in seconds.

    Raises:
        UsageError: there are none.
    """
    seconds = clip.seconds.tolist()
    indices = [i for i, s in enumerate(seconds) if s >= start and (stop is None or s < stop)]
    if not indices:
        raise UsageError(
            "no frames between these times",
            given=f"{start} s to {'the end' if stop is None else f'{stop} s'}",
            expected=f"times within 0 s to {seconds[-1]:.2f} s",
        )
    return indices


def streams_for(request: ResolvedRequest, scene: Scene, driver: Driver) -> tuple[OutputStream, ...]:
    return output_streams(
        request.output,
        request.extras,
        scene.size,
        scene.window.canvas,
        driver.motion.clip.size,
        alpha=isinstance(scene.backdrop, TransparentBackdrop),
    )


def render_segments(
    job: Job,
    streams: Sequence[OutputStream],
    scene: Scene,
    components: RenderComponents,
    indices: Sequence[int],
    stopwatch: Stopwatch,
    progress: Progress,
    inputs: Inputs = NOTHING,
) -> int:
    """Render and encode the segments that are missing or damaged.

    Returns:
        How many frames were rendered.

    Raises:
        OutputError: a finished segment was damaged meanwhile.
    """
    runs = missing_segments(job, streams, len(indices))
    new = sum(map(len, runs))
    if not runs:
        inputs.require_unchanged()
        return 0
    renderer = Renderer(scene, components, stopwatch, progress)
    with progress.stage("rendering", len(indices), done=len(indices) - new) as advance:
        for run in runs:
            writer = OutputWriter(job, streams, scene.motion.clip, run.start, stopwatch, inputs)
            _render(renderer, writer, [indices[place] for place in run], advance)
    if missing_segments(job, streams, len(indices)):
        raise OutputError(
            f"finished segments were damaged in {job.folder}",
            advice="check the disk and run again; damaged segments are rendered again",
        )
    return new


def _render(renderer: Renderer, writer: OutputWriter, indices: list[int], advance: Advance) -> None:
    """Render and encode consecutive frames from the start of a segment."""
    past = load_past(writer.job, writer.position)

    def write(one: RenderedFrame) -> None:
        writer.write(one)
        advance(1)

    with writer:
        with Sink(write, depth=depth_for(renderer.scene.frame_bytes, 8)) as sink:
            for one in renderer.frames(indices, past):
                sink.put(one)
        writer.finish()


def _picture(one: RenderedFrame, scene: Scene) -> np.ndarray[Any, np.dtype[np.uint8]]:
    picture = one.picture(scene.size)
    if one.background is not None:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255
    return (picture[..., :3] * alpha + 128 * (1 - alpha)).astype(np.uint8)


def _comment(request: ResolvedRequest) -> str:
    return f"{COMMENT} Version {request.fingerprint.get('reenactor', '')}. {SYNTHETIC}"
