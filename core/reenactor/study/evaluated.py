"""Reads a study's inputs from an evaluation: each method's crops, and the target photos."""

import re
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
    drivers: dict[str, str]
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


def drivers_of(evaluation: Path) -> dict[str, str]:
    """The name of each video's driver: the video's own, or in a cross-reenactment the driver's.

    Raises:
        InputError: not an evaluation's folder, or its report is damaged.
    """
    return _report(evaluation).drivers


def _report(evaluation: Path) -> _Report:
    path = evaluation / "report.json"
    if not path.exists():
        raise InputError(
            "not the folder of an evaluation",
            given=f"no {path}",
            advice="make one with `reenactor evaluate`",
        )
    report = _read(path, _Report)
    videos = {video for one in report.methods.values() for video in one.videos}
    if videos - report.drivers.keys():
        raise _damaged(path, "videos without a driver")
    names = [*report.methods, *videos, *report.drivers.values()]
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
