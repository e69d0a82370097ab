"""Makes a new study. Videos that browsers play are used in place; others are encoded."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import yaml

from reenactor.errors import InputError, UsageError
from reenactor.media.files import sha256_of, write_bytes
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.media.video import probe
from reenactor.progress import Progress, Silent
from reenactor.study.build_record import BuildRecord
from reenactor.study.encode import Clock, SourceVideo, encoded, inspect
from reenactor.study.evaluated import BAD, crops_of, drivers_of, photos_of
from reenactor.study.load import (
    FILE,
    PHOTOS,
    VIDEOS,
    Study,
    beside,
    load_study,
    playable,
    shared_videos,
)

_READ = (*VIDEOS, ".mov", ".mkv", ".avi")


@dataclass(frozen=True)
class StudyRequest:
    """The inputs of a new study.

    `methods` are folders of videos, or of folders of numbered PNG frames, named after the videos.
    `evaluation` is the folder of an evaluation, whose methods come first. `fps` is the frame rate
    if the driver is unknown.
    """

    methods: Mapping[str, Path]
    evaluation: Path | None = None
    reference: str | None = None
    targets: Path | None = None
    drivers: Path | None = None
    fps: Fraction = Fraction(25)


def make_study(folder: Path, wanted: StudyRequest, progress: Progress | None = None) -> Study:
    """Make a study's folder and load it.

    Raises:
        UsageError: the study exists, or there are fewer than two methods.
        InputError: a folder has no videos, or they differ from method to method.
    """
    progress = progress or Silent()
    if (folder / FILE).exists():
        raise UsageError("the study exists", given=str(folder / FILE))
    methods = _methods(wanted)
    if len(methods) < 2 or (wanted.reference or next(iter(methods))) not in methods:
        raise UsageError(
            "no methods to compare"
            if len(methods) < 2
            else "the reference is not one of the methods",
            given=", ".join(methods) if len(methods) < 2 else str(wanted.reference),
            expected="two methods or more" if len(methods) < 2 else ", ".join(methods),
        )
    videos = shared_videos({name: {one.name for one in found} for name, found in methods.items()})
    clocks = _clocks(wanted, videos, progress)
    _inspect(methods, wanted, videos)
    drivers = _drivers(wanted, clocks)
    encodings = _encodings(folder, wanted, methods, drivers, clocks)
    photos = _photos(folder, wanted)
    with locked(folder / FILE):
        made = BuildRecord(folder)
        read = [*(one.path for _, one, *_ in encodings), *photos.values()]
        require_free(
            (*(path for path, *_ in encodings), *photos),
            read,
            own=made.knows,
            advice="move it, or make the study in another folder",
        )
        for output, one, clock, synthetic in encodings:
            made.file(
                output, one.sum(clock), partial(encoded, one, output, clock, synthetic, progress)
            )
        for output, photo in photos.items():
            made.file(output, sha256_of(photo), partial(_copy, photo, output))
        made.tidy()
        fields = _fields(folder, wanted, methods, drivers, taken=bool(photos))
        text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
        write_bytes(folder / FILE, text.encode())
        made.finish()
    return load_study(folder)


def _fields(
    folder: Path,
    wanted: StudyRequest,
    methods: Mapping[str, Sequence[SourceVideo]],
    drivers: Sequence[SourceVideo],
    taken: bool,
) -> dict[str, object]:
    """The contents of study.yaml; `taken` if photos came from an evaluation's drivers."""
    fields: dict[str, object] = {"version": 1}
    fields["methods"] = {n: _place(folder, f"videos/{n}", found) for n, found in methods.items()}
    if wanted.reference:
        fields["reference"] = wanted.reference
    if wanted.targets is not None:
        fields["targets"] = _seen_from(folder, wanted.targets)
    elif taken:
        fields["targets"] = "targets"
    if drivers:
        fields["drivers"] = _place(folder, "drivers", drivers)
    return fields


def _methods(wanted: StudyRequest) -> dict[str, list[SourceVideo]]:
    """The videos of each method."""
    methods = {} if wanted.evaluation is None else crops_of(wanted.evaluation)
    for name, folder in wanted.methods.items():
        if name in methods or BAD.search(name):
            problem = "two methods have the same name" if name in methods else "invalid folder name"
            raise UsageError(problem, given=name)
        methods[name] = _found(folder)
    return methods


def _inspect(
    methods: Mapping[str, list[SourceVideo]], wanted: StudyRequest, videos: Sequence[str]
) -> None:
    """Check all inputs before the first video is encoded; raises `InputError`."""
    drivers = [] if wanted.drivers is None else _found(wanted.drivers)
    for one in (*(one for found in methods.values() for one in found), *drivers):
        inspect(one)
    beside(wanted.targets, Path(), PHOTOS, tuple(videos), 0)
    names = {one.name for one in drivers}
    drivers_by_video = _driver_names(wanted, videos)
    missing = [video for video in videos if not {video, drivers_by_video[video]} & names]
    if drivers and missing:
        raise InputError(
            "not every video has its driver",
            given=f"nothing in {wanted.drivers} for {', '.join(missing[:6])}",
            expected=f"files of the videos' names: {', '.join(_READ)}",
        )


def _found(folder: Path) -> list[SourceVideo]:
    """Videos, and folders of frames."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    videos = [SourceVideo(p.stem, p) for p in paths if p.suffix.lower() in _READ and p.is_file()]
    frames = [SourceVideo(p.name, p) for p in paths if p.is_dir() and any(p.glob("*.png"))]
    if not videos and not frames:
        raise InputError(
            "the folder has no videos",
            given=str(folder),
            expected=f"{', '.join(_READ)}, or folders of PNG frames",
        )
    return videos + frames


def _clocks(wanted: StudyRequest, videos: Sequence[str], progress: Progress) -> dict[str, Clock]:
    """The frame times of each video: those of its driver, if known."""
    drivers = {one.name: one.path for one in _found(wanted.drivers)} if wanted.drivers else {}
    clocks = {}
    for video, driver in _driver_names(wanted, videos).items():
        motion = wanted.evaluation and wanted.evaluation / "truth" / f"{driver}.motion"
        if motion and motion.exists():
            from reenactor.motion_file import load_motion  # imports torch

            clip = load_motion(motion).clip
            clocks[video] = Clock(tuple(clip.times.tolist()), clip.time_base, clip.fps)
        elif (path := drivers.get(video) or drivers.get(driver)) and path.is_file():
            info = probe(path, progress.note)
            clocks[video] = Clock(info.times, info.time_base, info.fps)
        else:
            clocks[video] = Clock((), 1 / wanted.fps, wanted.fps)
    return clocks


def _driver_names(wanted: StudyRequest, videos: Iterable[str]) -> dict[str, str]:
    """The name of each video's driver; without an evaluation videos may be PHOTO+DRIVER."""
    if wanted.evaluation is None:
        return {video: video.split("+")[-1] for video in videos}
    drivers = drivers_of(wanted.evaluation)
    return {video: drivers.get(video, video) for video in videos}


def _encodings(
    folder: Path,
    wanted: StudyRequest,
    methods: Mapping[str, Sequence[SourceVideo]],
    drivers: Sequence[SourceVideo],
    clocks: Mapping[str, Clock],
) -> list[tuple[Path, SourceVideo, Clock, bool]]:
    """Videos to encode: output, source, clock, and whether it is synthetic."""
    groups = [(f"videos/{name}", found, True) for name, found in methods.items()]
    groups.append(("drivers", list(drivers), False))
    names = _driver_names(wanted, clocks)
    known = {names[video]: clock for video, clock in clocks.items()} | dict(clocks)
    unknown = Clock((), Fraction(1, 25), Fraction(25))
    return [
        (folder / inside / f"{one.name}.mp4", one, known.get(one.name, unknown), synthetic)
        for inside, found, synthetic in groups
        if not _plays(found)
        for one in found
    ]


def _plays(found: Sequence[SourceVideo]) -> bool:
    """Whether browsers play all of these without encoding."""
    return all(o.path.suffix.lower() in VIDEOS and not playable(o.path)[0] for o in found)


def _place(folder: Path, inside: str, found: Sequence[SourceVideo]) -> str:
    """The folder of playable videos, as written in study.yaml."""
    return _seen_from(folder, found[0].path.parent) if _plays(found) else inside


def _drivers(wanted: StudyRequest, clocks: Mapping[str, Clock]) -> list[SourceVideo]:
    """The driving videos: a given folder's, or the truth of an evaluation."""
    if wanted.drivers is not None:
        return _found(wanted.drivers)
    if wanted.evaluation is None:
        return []
    truth = wanted.evaluation / "truth"
    names = sorted(set(_driver_names(wanted, clocks).values()))
    return [SourceVideo(name, truth / name) for name in names if (truth / name).is_dir()]


def _photos(folder: Path, wanted: StudyRequest) -> dict[Path, Path]:
    """Target photos from an evaluation's drivers, by path in the study."""
    if wanted.targets is not None or wanted.evaluation is None:
        return {}
    photos = photos_of(wanted.evaluation)
    return {folder / "targets" / f"{video}.png": photo for video, photo in photos.items()}


def _copy(source: Path, output: Path) -> None:
    write_bytes(output, source.read_bytes())


def _seen_from(folder: Path, path: Path) -> str:
    """A path as written in study.yaml: relative, so that both can be moved together."""
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # on a different drive
        return path.absolute().as_posix()
