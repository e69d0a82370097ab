"""The driver: a video that is watched once and remembered, or a motion from a file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.cache import VARIABLE
from reenactor.errors import InputError, OutputError
from reenactor.media.cache import SUFFIX as KEPT
from reenactor.media.cache import make_private, note_use, trim
from reenactor.media.contents import NOTHING, Inputs
from reenactor.media.video import VideoInfo, probe
from reenactor.motion_file import SUFFIX, load_crowd, load_motion, save_crowd
from reenactor.pipeline.dancer import Cast, cast_of, choose, motion_of
from reenactor.pipeline.removal import Removal, removal_of
from reenactor.pipeline.watch import clip_of, watch
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.spec.motion import MotionSpec
from reenactor.values import Crowd, Motion


@dataclass(frozen=True)
class Driver:
    """Who dances: the motion, the video if there is one and what to remove from its pictures, and
    how many people were seen."""

    motion: Motion
    video: VideoInfo | None
    people: int
    removal: Removal | None = None


@dataclass(frozen=True)
class Memory:
    """Where crowds are remembered, and what, beside the video, they depend on.

    `watcher` identifies the estimator: its name, options, version, weights, and the content of
    the files that it reads. `inputs` must not change while a video is watched.
    """

    folder: Path
    watcher: Mapping[str, object]
    inputs: Inputs = NOTHING

    def path(self, source: str) -> Path:
        """The file of the crowd of a video with that sha256."""
        key = json.dumps({"source": source, "watcher": self.watcher}, sort_keys=True)
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}{KEPT}"


def crowd_of(
    video: VideoInfo, estimator: SkeletonEstimator[Any], memory: Memory, progress: Progress
) -> Crowd:
    """Everybody in the video; the second time the answer is there at once."""
    clip = clip_of(video)
    path = memory.path(clip.source)
    try:
        crowd = load_crowd(path)
    except InputError:
        pass  # never watched, or remembered by another version: watch it
    else:
        note_use(path)
        return crowd
    crowd = watch(video, clip, estimator, progress)
    memory.inputs.require_unchanged()
    try:
        make_private(path.parent)
        save_crowd(crowd, path)
        trim(path.parent)
    except OutputError as error:  # what was watched is not lost for that
        progress.note(
            f"the people of the video are not remembered for another run: {error.problem} "
            f"({error.given}); the variable {VARIABLE} names another folder for what is kept"
        )
    return crowd


def driver_of(
    path: Path,
    estimator: SkeletonEstimator[Any],
    spec: MotionSpec,
    memory: Memory,
    progress: Progress,
) -> Driver:
    """The dancer of a video or of a motion file.

    Raises:
        InputError: the file cannot be read; NoPersonError: nobody, or not the wanted one, in it.
    """
    if path.suffix == SUFFIX:
        return Driver(load_motion(path), None, 1)
    watched = watched_of(probe(path, progress.note), estimator, spec, memory, progress)
    removal = removal_of(watched.crowd, watched.cast, watched.chosen, watched.motion)
    return Driver(watched.motion, watched.video, len(watched.cast.order), removal)


@dataclass(frozen=True)
class Watched:
    """Everything pass 1 knows of a video."""

    video: VideoInfo
    crowd: Crowd
    cast: Cast
    chosen: int
    motion: Motion


def watched_of(
    video: VideoInfo,
    estimator: SkeletonEstimator[Any],
    spec: MotionSpec,
    memory: Memory,
    progress: Progress,
) -> Watched:
    """Pass 1 of a video: everybody in it, and the dancer's motion."""
    crowd = crowd_of(video, estimator, memory, progress)
    cast = cast_of(crowd)
    chosen = choose(crowd, cast, spec.subject)
    motion = motion_of(crowd, cast, chosen, smooth=spec.smooth == "one-euro")
    return Watched(video, crowd, cast, chosen, motion)
