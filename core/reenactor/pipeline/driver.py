"""The driver: a video that is watched once and remembered, or a motion from a file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reenactor.cache import VARIABLE
from reenactor.errors import InputError, OutputError
from reenactor.media.cache import SUFFIX as KEPT
from reenactor.media.cache import make_private, note_use, trim
from reenactor.media.contents import NOTHING, Inputs
from reenactor.media.video import VideoInfo, probe
from reenactor.motion_file import SUFFIX, load_crowd, load_motion, save_crowd
from reenactor.ops.drawable import drawable
from reenactor.pipeline.dancer import TrackedPeople, choose, motion_of, track_people
from reenactor.pipeline.removal import Removal, removal_of
from reenactor.pipeline.watch import clip_of, watch
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.spec.motion import MotionSpec
from reenactor.values import Crowd, Motion, Skeleton

_NOBODY = "the key points of somebody are all in one place, on one line, or outside of the picture"


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
        return Driver(_drawn(load_motion(path), progress), None, 1)
    watched = watched_of(probe(path, progress.note), estimator, spec, memory, progress)
    removal = removal_of(watched.crowd, watched.tracked, watched.chosen, watched.motion)
    return Driver(watched.motion, watched.video, len(watched.tracked.order), removal)


def _drawn(motion: Motion, progress: Progress) -> Motion:
    """A motion whose dancer is absent where the key points or the box are those of nobody."""
    skeleton, box = motion.skeleton, motion.box
    has_area = (box[:, 2:] > box[:, :2]).all(1)
    drawn = motion.present & drawable(skeleton, motion.clip.size) & has_area
    count = int((motion.present & ~drawn).sum())
    if not count:
        return motion
    progress.note(f"in {count} of {len(motion)} frames {_NOBODY}: nobody dances there")
    there = drawn.float()[:, None, None]
    unseen = Skeleton(
        skeleton.body * there,
        skeleton.hands * there[..., None],
        skeleton.face * there,
        skeleton.world,
    )
    return replace(motion, skeleton=unseen, present=drawn)


@dataclass(frozen=True)
class Watched:
    """Everything pass 1 knows of a video."""

    video: VideoInfo
    crowd: Crowd
    tracked: TrackedPeople
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
    drawn = drawable(crowd.skeleton, crowd.clip.size)
    if not bool(drawn.all()):
        count = len(set(crowd.frame[~drawn].tolist()))
        progress.note(f"in {count} of {len(crowd.clip)} frames {_NOBODY}: that is not followed")
        crowd = crowd[drawn]
    tracked = track_people(crowd)
    chosen = choose(crowd, tracked, spec.subject)
    motion = motion_of(crowd, tracked, chosen, smooth=spec.smooth == "one-euro")
    return Watched(video, crowd, tracked, chosen, motion)
