"""Reads a study's inputs from an evaluation: each method's crops, and the target photos."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError
from reenactor.media.files import read_json
from reenactor.study.encode import SourceVideo

BAD = re.compile(r'[/\\:*?"<>|\0]|^\.|^$')
"""Characters that are not allowed in file names."""
T = TypeVar("T")


@dataclass(frozen=True)
class _Videos:
    """One method in `report.json`."""

    videos: dict[str, Any]


@dataclass(frozen=True)
class _Report:
    """The parts of `report.json` that are read."""

    methods: dict[str, _Videos]
    protocol: dict[str, Any]


@dataclass(frozen=True)
class _ResultInputs:
    """The inputs of a result: the digest of the target photo, and its frame number."""

    target: tuple[str, int]


@dataclass(frozen=True)
class _Result:
    """The parts of a method's result on a video that are read."""

    inputs: _ResultInputs


def crops_of(evaluation: Path) -> dict[str, list[SourceVideo]]:
    """The videos of each method, as folders of crops.

    Raises:
        InputError: not an evaluation's folder, or its report is damaged.
    """
    return {
        name: [SourceVideo(video, evaluation / "crops" / name / video) for video in one.videos]
        for name, one in _report(evaluation).methods.items()
    }


def photos_of(evaluation: Path) -> dict[str, Path]:
    """The target photo for each video; empty if targets are other people.

    Raises:
        InputError: not an evaluation's folder, or it is damaged.
    """
    report = _report(evaluation)
    photos: dict[str, Path] = {}
    if report.protocol.get("cross"):
        return photos
    for name, one in report.methods.items():
        for video in one.videos:
            result = _read(evaluation / "results" / name / f"{video}.json", _Result)
            _, index = result.inputs.target
            photos[video] = evaluation / "truth" / f"{video}.target.{index:06d}.png"
    return photos


def drivers_of(evaluation: Path, videos: Iterable[str]) -> dict[str, str]:
    """The name of each video's driver: the video's own, or TARGET+DRIVER without the target.

    Both names may have a plus sign themselves.

    Raises:
        InputError: there is no evaluation, it is damaged, or two drivers are possible.
    """
    protocol = _report(evaluation).protocol
    if not protocol.get("cross"):
        return {video: video for video in videos}
    targets = {Path(name).stem for name in str(protocol.get("targets", "")).split(", ")}
    truth = evaluation / "truth"
    found = {}
    for video in videos:
        parts = [video[i + 1 :] for i, character in enumerate(video) if character == "+"]
        known = [p for p in parts if (truth / p).is_dir() or (truth / f"{p}.motion").exists()]
        known = known or parts[:1]
        known = [p for p in known if video.removesuffix(f"+{p}") in targets] or known
        if len(known) > 1:
            raise InputError(
                "it is not clear which driver a video has",
                given=f"{video} in {evaluation}",
                expected=f"one of {', '.join(known)}",
                advice="an evaluation whose files have no + in their names",
            )
        found[video] = known[0] if known else video
    return found


def _report(evaluation: Path) -> _Report:
    path = evaluation / "report.json"
    if not path.exists():
        raise InputError(
            "not the folder of an evaluation",
            given=f"no {path}",
            advice="make one with `reenactor evaluate`",
        )
    report = _read(path, _Report)
    names = [*report.methods, *(v for one in report.methods.values() for v in one.videos)]
    if bad := [name for name in names if BAD.search(name)]:
        raise _damaged(path, f"the name {bad[0]!r}")
    return report


def _read(path: Path, kind: type[T]) -> T:
    try:
        return TypeAdapter(kind).validate_python(read_json(path))
    except ValidationError as error:
        one = error.errors(include_url=False)[0]
        raise _damaged(path, f"{'.'.join(map(str, one['loc']))}: {one['msg']}") from error


def _damaged(path: Path, why: str) -> InputError:
    return InputError(
        f"{path} is damaged", given=why, advice="run the same `reenactor evaluate` again"
    )
