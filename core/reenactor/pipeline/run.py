"""A whole run: photo and driver in, video out."""

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
from reenactor.pipeline.backdrop import Transparent
from reenactor.pipeline.driver import Driver, driver_of
from reenactor.pipeline.job import Job
from reenactor.pipeline.order import Order, claim, preview_path, sidecar_of
from reenactor.pipeline.output import (
    Track,
    Writer,
    join_all,
    missing,
    outputs_of,
    past_of,
    tracks_of,
)
from reenactor.pipeline.render import Components, Rendered, Renderer, Scene
from reenactor.pipeline.report import Report
from reenactor.pipeline.scene import scene_of
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.pipeline.target import study
from reenactor.progress import Advance, Progress
from reenactor.roles import Inpainter, Parser, SkeletonEstimator
from reenactor.spec.background import SceneBackground
from reenactor.values import Clip


@dataclass(frozen=True)
class Team:
    """The components of a run, constructed."""

    estimator: SkeletonEstimator[Any]
    parser: Parser[Any]
    inpainter: Inpainter[Any, Any] | None
    components: Components


class _Notes:
    """Passes progress on and remembers what was noted."""

    def __init__(self, progress: Progress) -> None:
        self.stage = progress.stage
        self._tell = progress.note
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        if text not in self.texts:
            self.texts.append(text)
            self._tell(text)


def perform(order: Order, team: Team, progress: Progress) -> Report:
    """Make the output; an interrupted order goes on where it stopped.

    Raises:
        ReenactorError: with what to do; nothing half-made appears under the output's name.
    """
    notes = _Notes(progress)
    for text in order.notes:
        notes.note(text)
    watch = Stopwatch()
    begin = time.perf_counter()
    with locked(*outputs_of(order.output, order.extras), sidecar_of(order.output)):
        restore(order.output)
        claim(order)
        driver, scene = prepared(order, team, watch, notes)
        watched = time.perf_counter()
        indices = chosen(scene.motion.clip, order.start, order.stop)
        tracks = tracks_for(order, scene, driver)
        guess = sum(
            expected_bytes(track.kind, track.size, len(indices), track.alpha) for track in tracks
        )
        require_space(order.output.parent, guess)
        job = Job(order.output, order.fingerprint)
        if job.open():
            notes.note(
                "the interrupted run had other inputs or settings, or what it left is damaged: "
                "starting anew"
            )
        new = render_all(job, tracks, scene, team.components, indices, watch, notes, order.inputs)
        rendered = time.perf_counter()
        absent = tuple(i for i in indices if not bool(scene.motion.present[i]))
        report = Report(
            outputs=tuple(track.output for track in tracks),
            frames=len(indices),
            resumed_at=len(indices) - new,
            people=driver.people,
            absent=absent,
            wall={
                "pass 1": watched - begin,
                "pass 2": rendered - watched,
            },
            seconds=watch.seconds,
            fingerprint=order.fingerprint,
            notes=tuple(notes.texts),
        )
        claim(order)  # it may have taken hours
        job.begin_joining()
        write_json(sidecar_of(order.output), report.as_json())
        audio = None if driver.video is None or not driver.video.has_audio else driver.video.path
        metadata = {"comment": _comment(order)}
        join_all(
            job,
            tracks,
            driver.motion.clip,
            indices,
            audio,
            metadata,
            notes.note,
            order.credentials,
        )
        job.remove()
    return report


def preview(order: Order, team: Team, count: int, progress: Progress) -> Path:
    """Render a few frames, spread over the clip, as one picture beside the output."""
    path = preview_path(order.output)
    require_free([path], order.inputs.paths.values(), order.overwrite)
    if order.credentials is not None:
        order.credentials.require_usable(Format.FRAMES)
    with locked(path):
        watch = Stopwatch()
        driver, scene = prepared(order, team, watch, progress)
        every = chosen(scene.motion.clip, order.start, order.stop)
        places = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
        indices = [every[i] for i in sorted(set(places.tolist()))]
        pictures, captions = [], []
        renderer = Renderer(scene, team.components, watch, progress)
        with progress.stage("rendering a preview", len(indices)) as advance:
            for one in renderer.frames(indices):
                pictures.append(_picture(one, scene))
                captions.append(f"{float(driver.motion.clip.seconds[one.index]):.1f} s")
                advance(1)
        order.inputs.require_unchanged()
        write_photo(path, drawing.contact_sheet(pictures, captions), marked())
        if order.credentials is not None:
            order.credentials.sign(path, Format.FRAMES)
    return path


def prepared(
    order: Order, team: Team, watch: Stopwatch, progress: Progress
) -> tuple[Driver, Scene]:
    """Pass 1, the target, and the scene."""
    with watch.timing("target"):
        portrait = study(read_photo(order.target), team.estimator, team.parser, progress)
    with watch.timing("watch"):
        driver = driver_of(order.driver, team.estimator, order.spec.motion, order.memory, progress)
    indices = chosen(driver.motion.clip, order.start, order.stop)
    require_dancer(
        driver, indices, order.spec.background == SceneBackground(scene="driver"), progress.note
    )
    with watch.timing("scene"):
        scene = scene_of(portrait, driver, order.spec, team.inpainter, progress)
    return driver, replace(scene, shows_driver="beside" in order.extras)


def chosen(clip: Clip, start: float, stop: float | None) -> list[int]:
    """The frames between two times."""
    seconds = clip.seconds.tolist()
    indices = [i for i, s in enumerate(seconds) if s >= start and (stop is None or s < stop)]
    if not indices:
        raise UsageError(
            "no frame lies between these times",
            given=f"{start} s to {'the end' if stop is None else f'{stop} s'}",
            expected=f"times within 0 s to {seconds[-1]:.2f} s",
        )
    return indices


def tracks_for(order: Order, scene: Scene, driver: Driver) -> tuple[Track, ...]:
    return tracks_of(
        order.output,
        order.extras,
        scene.size,
        scene.window.canvas,
        driver.motion.clip.size,
        alpha=isinstance(scene.backdrop, Transparent),
    )


def render_all(
    job: Job,
    tracks: Sequence[Track],
    scene: Scene,
    components: Components,
    indices: Sequence[int],
    watch: Stopwatch,
    progress: Progress,
    inputs: Inputs = NOTHING,
) -> int:
    """Render and encode what is not there, or not whole; gives how many frames that were.

    Raises:
        OutputError: a segment did not stay whole until the end.
    """
    runs = missing(job, tracks, len(indices))
    new = sum(map(len, runs))
    if not runs:
        inputs.require_unchanged()
        return 0
    renderer = Renderer(scene, components, watch, progress)
    with progress.stage("rendering", len(indices), done=len(indices) - new) as advance:
        for run in runs:
            writer = Writer(job, tracks, scene.motion.clip, run.start, watch, inputs)
            _render(renderer, writer, [indices[place] for place in run], advance)
    if missing(job, tracks, len(indices)):
        raise OutputError(
            f"what was finished of the output was damaged since, in {job.folder}",
            advice="check the disk, and run again: what is damaged is made anew",
        )
    return new


def _render(renderer: Renderer, writer: Writer, indices: list[int], advance: Advance) -> None:
    """Render and encode neighbouring frames, from the beginning of a segment."""
    past = past_of(writer.job, writer.position)

    def write(one: Rendered) -> None:
        writer.write(one)
        advance(1)

    with writer:
        with Sink(write, depth=depth_for(renderer.scene.frame_bytes, 8)) as sink:
            for one in renderer.frames(indices, past):
                sink.put(one)
        writer.finish()


def _picture(one: Rendered, scene: Scene) -> np.ndarray[Any, np.dtype[np.uint8]]:
    picture = one.picture(scene.size)
    if one.behind is not None:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255
    return (picture[..., :3] * alpha + 128 * (1 - alpha)).astype(np.uint8)


def _comment(order: Order) -> str:
    return f"{COMMENT} Version {order.fingerprint.get('reenactor', '')}. {SYNTHETIC}"
