"""A new study: what browsers play is used where it lies, everything else is encoded for them."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from reenactor.errors import InputError, UsageError
from reenactor.media.files import write_bytes
from reenactor.media.outputs import require_free
from reenactor.media.video import probe
from reenactor.progress import Progress, Silent
from reenactor.study.encode import Clock, Named, encoded
from reenactor.study.load import FILE, VIDEOS, Study, load_study, playable, shared_videos

_READ = (*VIDEOS, ".mov", ".mkv", ".avi")
_MAKING = ".making"
"""In a study's folder while it is made: what is there was made by it."""
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
    clocks = _clocks(wanted, videos)
    driving = _drivers(wanted, clocks)
    photos = _photos(wanted)
    making = folder / _MAKING
    made = [path for name, found in methods.items() for path in _made(folder, name, found)]
    made += [*_made(folder, None, driving), *(folder / "targets" / name for name in photos)]
    read = [one.path for found in (*methods.values(), driving) for one in found]
    require_free(made, [*read, *photos.values()], own=lambda _: making.exists())
    write_bytes(making, b"")
    places = {
        name: _place(folder, name, found, clocks, progress) for name, found in methods.items()
    }
    drivers = _place(folder, None, driving, clocks, progress) if driving else None
    fields: dict[str, object] = {"version": 1, "methods": places}
    if wanted.reference:
        fields["reference"] = wanted.reference
    targets = _targets(folder, wanted, photos)
    fields |= {"targets": targets} if targets else {}
    fields |= {"drivers": drivers} if drivers else {}
    text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    write_bytes(folder / FILE, text.encode())
    making.unlink()
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
        return json.loads((evaluation / "report.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "this is no folder of an evaluation",
            given=f"{evaluation / 'report.json'}: {error}",
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


def _clocks(wanted: Wanted, videos: Sequence[str]) -> dict[str, Clock]:
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
            info = probe(path)
            clocks[video] = Clock(info.times, info.time_base, info.fps)
        else:
            clocks[video] = Clock((), 1 / wanted.fps, wanted.fps)
    return clocks


def _inside(method: str | None) -> str:
    """Where the encoded videos of a method are, in the study's folder; None: of the drivers."""
    return "drivers" if method is None else f"videos/{method}"


def _made(folder: Path, method: str | None, found: Sequence[Named]) -> list[Path]:
    """The files that are encoded for browsers; none where they play what is given."""
    if all(one.path.suffix.lower() in VIDEOS and not playable(one.path)[0] for one in found):
        return []
    return [folder / _inside(method) / f"{one.name}.mp4" for one in found]


def _place(
    folder: Path,
    method: str | None,
    found: Sequence[Named],
    clocks: Mapping[str, Clock],
    progress: Progress,
) -> str:
    """The folder of videos that browsers play, as study.yaml names it."""
    made = _made(folder, method, found)
    if not made:
        return _seen_from(folder, found[0].path.parent)
    for one, output in zip(found, made, strict=True):
        clock = clocks.get(one.name, Clock((), Fraction(1, 25), Fraction(25)))
        encoded(one, output, clock, method is not None, progress)
    return _inside(method)


def _drivers(wanted: Wanted, clocks: Mapping[str, Clock]) -> list[Named]:
    """The driving videos: a given folder's, or the truth of an evaluation."""
    if wanted.drivers is not None:
        return _found(wanted.drivers)
    if wanted.evaluation is None:
        return []
    truth = wanted.evaluation / "truth"
    names = sorted({video.split("+")[-1] for video in clocks})
    return [Named(name, truth / name) for name in names if (truth / name).is_dir()]


def _photos(wanted: Wanted) -> dict[str, Path]:
    """The photos that an evaluation took from its drivers, by their names in the study."""
    if wanted.targets is not None or wanted.evaluation is None:
        return {}
    report = _report(wanted.evaluation)
    if report["protocol"].get("cross"):
        return {}
    photos = {}
    for name, result in report["methods"].items():
        for video in result["videos"]:
            record = wanted.evaluation / "results" / name / f"{video}.json"
            _, index = json.loads(record.read_text("utf-8"))["inputs"]["target"]
            photos[f"{video}.png"] = wanted.evaluation / "truth" / f"{video}.target.{index:06d}.png"
    return photos


def _targets(folder: Path, wanted: Wanted, photos: Mapping[str, Path]) -> str | None:
    """The folder of the photos, as study.yaml names it."""
    if wanted.targets is not None:
        return _seen_from(folder, wanted.targets)
    for name, photo in photos.items():
        write_bytes(folder / "targets" / name, photo.read_bytes())
    return "targets" if photos else None


def _seen_from(folder: Path, path: Path) -> str:
    """A path as study.yaml writes it: relative, so that both can move together."""
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()
