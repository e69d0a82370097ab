"""The driver: a video, whose people are detected once and cached, or a motion file."""

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
from reenactor.pipeline.dancer import TrackedPeople, choose_dancer, extract_motion, track_people
from reenactor.pipeline.detect import describe_clip, detect_crowd
from reenactor.pipeline.removal import Removal, plan_removal
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.spec.motion import MotionSpec
from reenactor.values import Crowd, Motion, Skeleton

_NOBODY = "a person's key points are all in one place, on one line, or outside the frame"


@dataclass(frozen=True)
class Driver:
    """The dancer.

    Attributes:
        motion: of the dancer.
        video: the driving video; None for a motion file.
        people: how many people were found.
        removal: who is painted out of the video's frames.
    """

    motion: Motion
    video: VideoInfo | None
    people: int
    removal: Removal | None = None


@dataclass(frozen=True)
class CrowdCache:
    """A folder of crowds, one file for each video and estimator.

    Attributes:
        folder: of the files.
        estimator: what a crowd depends on beside the video: the estimator's name, options, version,
            weights and the content of the files that it reads.
        inputs: files that must not change while people are detected.
    """

    folder: Path
    estimator: Mapping[str, object]
    inputs: Inputs = NOTHING

    def path(self, source: str) -> Path:
        """The file for a video with this sha256."""
        key = json.dumps({"source": source, "watcher": self.estimator}, sort_keys=True)
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}{KEPT}"


def detect_people(
    video: VideoInfo, estimator: SkeletonEstimator[Any], cache: CrowdCache, progress: Progress
) -> Crowd:
    """Everybody in a video, from the cache if it is there."""
    clip = describe_clip(video)
    path = cache.path(clip.source)
    try:
        crowd = load_crowd(path)
    except InputError:
        pass  # not cached, or by another version
    else:
        note_use(path)
        return crowd
    crowd = detect_crowd(video, clip, estimator, progress)
    cache.inputs.require_unchanged()
    try:
        make_private(path.parent)
        save_crowd(crowd, path)
        trim(path.parent)
    except OutputError as error:  # the crowd itself is fine
        progress.note(
            f"the detected people were not cached: {error.problem} ({error.given}); set "
            f"{VARIABLE} to use another folder"
        )
    return crowd


def open_driver(
    path: Path,
    estimator: SkeletonEstimator[Any],
    spec: MotionSpec,
    cache: CrowdCache,
    progress: Progress,
) -> Driver:
    """The dancer of a video or motion file.

    Raises:
        InputError: the file cannot be read.
        NoPersonError: it shows nobody, or not the selected person.
    """
    if path.suffix == SUFFIX:
        return Driver(_without_undrawable(load_motion(path), progress), None, 1)
    analysis = analyze_video(probe(path, progress.note), estimator, spec, cache, progress)
    removal = plan_removal(analysis.crowd, analysis.tracked, analysis.chosen, analysis.motion)
    return Driver(analysis.motion, analysis.video, len(analysis.tracked.order), removal)


def _without_undrawable(motion: Motion, progress: Progress) -> Motion:
    """The motion with the dancer absent where key points or box cannot be of a person."""
    skeleton, box = motion.skeleton, motion.box
    has_area = (box[:, 2:] > box[:, :2]).all(1)
    drawn = motion.present & drawable(skeleton, motion.clip.size) & has_area
    count = int((motion.present & ~drawn).sum())
    if not count:
        return motion
    progress.note(f"in {count} of {len(motion)} frames {_NOBODY}: the dancer is absent there")
    there = drawn.float()[:, None, None]
    unseen = Skeleton(
        skeleton.body * there,
        skeleton.hands * there[..., None],
        skeleton.face * there,
        skeleton.world,
    )
    return replace(motion, skeleton=unseen, present=drawn)


@dataclass(frozen=True)
class VideoAnalysis:
    """The result of pass 1: everybody in a video, and the dancer."""

    video: VideoInfo
    crowd: Crowd
    tracked: TrackedPeople
    chosen: int
    motion: Motion


def analyze_video(
    video: VideoInfo,
    estimator: SkeletonEstimator[Any],
    spec: MotionSpec,
    cache: CrowdCache,
    progress: Progress,
) -> VideoAnalysis:
    """Pass 1: detect and track everybody, choose the dancer, and extract their motion."""
    crowd = detect_people(video, estimator, cache, progress)
    drawn = drawable(crowd.skeleton, crowd.clip.size)
    if not bool(drawn.all()):
        count = len(set(crowd.frame[~drawn].tolist()))
        progress.note(
            f"in {count} of {len(crowd.clip)} frames {_NOBODY}: that person is ignored there"
        )
        crowd = crowd[drawn]
    tracked = track_people(crowd)
    chosen = choose_dancer(crowd, tracked, spec.subject)
    motion = extract_motion(crowd, tracked, chosen, smooth=spec.smooth == "one-euro")
    return VideoAnalysis(video, crowd, tracked, chosen, motion)
