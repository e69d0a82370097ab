"""A new study: what browsers play is used where it lies, everything else is encoded for them."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from reenactor.errors import InputError, UsageError
from reenactor.media.files import make_folder, read_json, write_bytes
from reenactor.media.video import probe
from reenactor.progress import Progress, Silent
from reenactor.study.encode import Clock, Named, encoded
from reenactor.study.load import FILE, VIDEOS, Study, load_study, playable, shared_videos

_READ = (*VIDEOS, ".mov", ".mkv", ".avi")
_BAD = re.compile(r'[/\\:*?"<>|]|^\.|^$')


@dataclass(frozen=True)
class Wanted:
    """What a study is made of.

    `methods` are folders of videos, or of folders of numbered PNG frames, by the videos' names;
    `evaluation` is the folder of one, whose methods come first. `fps` is the rate of frames
    whose driver is not known.
    """

    methods: Mapping[str, Path]
    evaluation: Path | None = None
    reference: str | None = None
    targets: Path | None = None
    drivers: Path | None = None
    fps: Fraction = Fraction(25)


def make_study(folder: Path, wanted: Wanted, progress: Progress | None = None) -> Study:
    """Make a study's folder and give it back, read and checked.

    Raises:
        UsageError: there is a study, or fewer than two methods.
        InputError: a folder has no videos, or they differ from method to method.
    """
    progress = progress or Silent()
    if (folder / FILE).exists():
        raise UsageError("there is a study already", given=str(folder / FILE))
    methods = _methods(wanted)
    if len(methods) < 2 or (wanted.reference or next(iter(methods))) not in methods:
        raise UsageError(
            "no methods to compare" if len(methods) < 2 else "the reference is none of the methods",
            given=", ".join(methods) if len(methods) < 2 else str(wanted.reference),
            expected="two methods or more" if len(methods) < 2 else ", ".join(methods),
        )
    videos = shared_videos({name: {one.name for one in found} for name, found in methods.items()})
    clocks = _clocks(wanted, videos, progress)
    make_folder(folder)
    places = {}
    for name, found in methods.items():
        places[name] = _place(folder, f"videos/{name}", found, clocks, progress, True)
    drivers = _drivers(folder, wanted, clocks, progress)
    fields: dict[str, object] = {"version": 1, "methods": places}
    if wanted.reference:
        fields["reference"] = wanted.reference
    targets = _targets(folder, wanted)
    fields |= {"targets": targets} if targets else {}
    fields |= {"drivers": drivers} if drivers else {}
    text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    write_bytes(folder / FILE, text.encode())
    return load_study(folder)


def _methods(wanted: Wanted) -> dict[str, list[Named]]:
    """The videos of each method."""
    methods: dict[str, list[Named]] = {}
    if wanted.evaluation is not None:
        for name, videos in _report(wanted.evaluation)["methods"].items():
            crops = wanted.evaluation / "crops" / name
            methods[name] = [Named(video, crops / video) for video in videos["videos"]]
    for name, folder in wanted.methods.items():
        if name in methods or _BAD.search(name):
            problem = "two methods have one name" if name in methods else "no name for a folder"
            raise UsageError(problem, given=name)
        methods[name] = _found(folder)
    return methods


def _report(evaluation: Path) -> Any:
    try:
        return read_json(evaluation / "report.json")
    except InputError as error:
        raise InputError(
            "this is no folder of an evaluation",
            given=error.given or error.problem,
            advice="reenactor evaluate makes one",
        ) from error


def _found(folder: Path) -> list[Named]:
    """Videos, and folders of frames."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    videos = [Named(p.stem, p) for p in paths if p.suffix.lower() in _READ and p.is_file()]
    frames = [Named(p.name, p) for p in paths if p.is_dir() and any(p.glob("*.png"))]
    if not videos and not frames:
        raise InputError(
            "the folder has no videos",
            given=str(folder),
            expected=f"{', '.join(_READ)}, or folders of PNG frames",
        )
    return videos + frames


def _clocks(wanted: Wanted, videos: Sequence[str], progress: Progress) -> dict[str, Clock]:
    """When the frames of each video are shown: as its driver's, where that is known."""
    drivers = {one.name: one.path for one in _found(wanted.drivers)} if wanted.drivers else {}
    clocks = {}
    for video in videos:
        driver = video.split("+")[-1]
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


def _place(
    folder: Path,
    inside: str,
    found: Sequence[Named],
    clocks: Mapping[str, Clock],
    progress: Progress,
    synthetic: bool,
) -> str:
    """The folder of videos that browsers play, as study.yaml names it."""
    plays = [o.path.suffix.lower() in VIDEOS and not playable(o.path)[0] for o in found]
    if all(plays):
        return _seen_from(folder, found[0].path.parent)
    for one in found:
        output = folder / inside / f"{one.name}.mp4"
        if not output.exists():
            default = Clock((), Fraction(1, 25), Fraction(25))
            encoded(one, output, clocks.get(one.name, default), synthetic, progress)
    return inside


def _drivers(
    folder: Path, wanted: Wanted, clocks: Mapping[str, Clock], progress: Progress
) -> str | None:
    if wanted.drivers is not None:
        return _place(folder, "drivers", _found(wanted.drivers), clocks, progress, False)
    if wanted.evaluation is None:
        return None
    truth = wanted.evaluation / "truth"
    names = sorted({video.split("+")[-1] for video in clocks})
    frames = [Named(name, truth / name) for name in names if (truth / name).is_dir()]
    own = {v.split("+")[-1]: clock for v, clock in clocks.items()}
    return _place(folder, "drivers", frames, own, progress, False) if frames else None


def _targets(folder: Path, wanted: Wanted) -> str | None:
    """The photos: a given folder, or those that an evaluation took from its drivers."""
    if wanted.targets is not None:
        return _seen_from(folder, wanted.targets)
    if wanted.evaluation is None or _report(wanted.evaluation)["protocol"].get("cross"):
        return None
    for name, result in _report(wanted.evaluation)["methods"].items():
        for video in result["videos"]:
            record = wanted.evaluation / "results" / name / f"{video}.json"
            _, index = read_json(record)["inputs"]["target"]
            photo = wanted.evaluation / "truth" / f"{video}.target.{index:06d}.png"
            make_folder(folder / "targets")
            shutil.copyfile(photo, folder / "targets" / f"{video}.png")
    return "targets"


def _seen_from(folder: Path, path: Path) -> str:
    """A path as study.yaml writes it: relative, so that both can move together."""
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()
