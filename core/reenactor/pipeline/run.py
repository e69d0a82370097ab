"""A whole run: photo and driver in, video out."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from reenactor.errors import UsageError
from reenactor.media.files import locked, require_space, write_json
from reenactor.media.formats import expected_bytes
from reenactor.media.photo import read_photo, write_photo
from reenactor.media.stream import Sink, depth_for
from reenactor.ops import drawing
from reenactor.ops.geometry import paste, paste_transparent
from reenactor.pipeline.backdrop import Transparent
from reenactor.pipeline.driver import Driver, Memory, driver_of
from reenactor.pipeline.job import Job, folder_of
from reenactor.pipeline.output import Track, Writer, finished, join_all, past_of, tracks_of
from reenactor.pipeline.render import Cast, Rendered, Renderer, Scene
from reenactor.pipeline.report import Report
from reenactor.pipeline.scene import scene_of
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.pipeline.target import study
from reenactor.progress import Progress
from reenactor.roles import Inpainter, Parser, SkeletonEstimator
from reenactor.spec.model import Spec

SIDECAR = ".json"
"""What the report's name adds to the output's."""


@dataclass(frozen=True)
class Team:
    """The components of a run, constructed."""

    estimator: SkeletonEstimator[Any]
    parser: Parser[Any]
    inpainter: Inpainter[Any, Any] | None
    cast: Cast


@dataclass(frozen=True)
class Order:
    """What is wanted: the files, the spec, and what of the clip.

    `start` and `stop` are seconds on the driver's clock. `fingerprint` is everything outside
    this order that the frames depend on: spec, versions, weights, content of the inputs.
    """

    target: Path
    driver: Path
    output: Path
    spec: Spec
    memory: Memory
    fingerprint: Mapping[str, object]
    extras: tuple[str, ...] = ()
    start: float = 0.0
    stop: float | None = None


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
    watch = Stopwatch()
    begin = time.perf_counter()
    with locked(folder_of(order.output)):
        driver, scene = prepared(order, team, watch, notes)
        watched = time.perf_counter()
        indices = chosen(scene, order.start, order.stop)
        tracks = tracks_for(order, scene, driver)
        guess = sum(
            expected_bytes(track.kind, track.size, len(indices), track.alpha) for track in tracks
        )
        require_space(order.output.parent, guess)
        job, stale = Job.opened(order.output, dict(order.fingerprint))
        if stale:
            notes.note("the interrupted run had other inputs or settings: starting anew")
        done = finished(job, tracks, len(indices))
        render_all(job, tracks, scene, team.cast, indices, done, watch, notes)
        rendered = time.perf_counter()
        absent = tuple(i for i in indices if not bool(scene.motion.present[i]))
        report = Report(
            outputs=tuple(track.output for track in tracks),
            frames=len(indices),
            resumed_at=done,
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
        sidecar = order.output.with_name(order.output.name + SIDECAR)
        write_json(sidecar, report.as_json())
        audio = None if driver.video is None or not driver.video.has_audio else driver.video.path
        metadata = {"comment": _comment(order)}
        join_all(job, tracks, driver.motion.clip, indices, audio, metadata, notes.note)
        job.remove()
    return report


def preview(order: Order, team: Team, count: int, progress: Progress) -> Path:
    """Render a few frames, spread over the clip, as one picture beside the output."""
    watch = Stopwatch()
    driver, scene = prepared(order, team, watch, progress)
    every = chosen(scene, order.start, order.stop)
    places = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
    indices = [every[i] for i in sorted(set(places.tolist()))]
    pictures, captions = [], []
    renderer = Renderer(scene, team.cast, watch, progress)
    with progress.stage("rendering a preview", len(indices)) as advance:
        for one in renderer.frames(indices):
            pictures.append(_picture(one, scene))
            captions.append(f"{float(driver.motion.clip.seconds[one.index]):.1f} s")
            advance(1)
    path = order.output.with_name(f"{order.output.stem}.preview.png")
    write_photo(path, drawing.contact_sheet(pictures, captions))
    return path


def prepared(
    order: Order, team: Team, watch: Stopwatch, progress: Progress
) -> tuple[Driver, Scene]:
    """Pass 1, the target, and the scene."""
    with watch.timing("target"):
        portrait = study(read_photo(order.target), team.estimator, team.parser, progress)
    with watch.timing("watch"):
        driver = driver_of(order.driver, team.estimator, order.spec.motion, order.memory, progress)
    with watch.timing("scene"):
        scene = scene_of(portrait, driver, order.spec, team.inpainter, progress)
    return driver, replace(scene, shows_driver="beside" in order.extras)


def chosen(scene: Scene, start: float, stop: float | None) -> list[int]:
    """The frames between two times."""
    seconds = scene.motion.clip.seconds.tolist()
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
    cast: Cast,
    indices: Sequence[int],
    done: int,
    watch: Stopwatch,
    progress: Progress,
) -> None:
    """Render and encode what is not done yet."""
    if done == len(indices):
        return
    renderer = Renderer(scene, cast, watch, progress)
    stage = progress.stage("rendering", len(indices), done=done)
    writer = Writer(job, tracks, scene.motion.clip, done, watch)
    with stage as advance, writer:

        def write(one: Rendered) -> None:
            writer.write(one)
            advance(1)

        with Sink(write, depth=depth_for(scene.frame_bytes, 8)) as sink:
            for one in renderer.frames(indices[done:], past_of(job, done)):
                sink.put(one)
        writer.finish()


def _picture(one: Rendered, scene: Scene) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if one.behind is not None:
        return paste(one.layer, one.window, one.behind)
    rgba = paste_transparent(one.layer, one.window, scene.size)
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return (rgba[..., :3] * alpha + 128 * (1 - alpha)).astype(np.uint8)


def _comment(order: Order) -> str:
    return (
        f"Synthetic: the person of {order.target.name} did not perform this dance. "
        f"Made with reenactor {order.fingerprint.get('reenactor', '')}."
    )
