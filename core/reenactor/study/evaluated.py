"""What a study takes from an evaluation: each method's crops, and the photos of the targets."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError
from reenactor.media.files import read_json
from reenactor.study.encode import SourceVideo

BAD = re.compile(r'[/\\:*?"<>|\0]|^\.|^$')
"""What is no name for a file."""
T = TypeVar("T")


@dataclass(frozen=True)
class _Videos:
    """One method in `report.json`."""

    videos: dict[str, Any]


@dataclass(frozen=True)
class _Report:
    """What is read of `report.json`."""

    methods: dict[str, _Videos]
    protocol: dict[str, Any]


@dataclass(frozen=True)
class _ResultInputs:
    """From what a result was measured: the sum of the target's photo, and which frame it is."""

    target: tuple[str, int]


@dataclass(frozen=True)
class _Result:
    """What is read of a method's result on a video."""

    inputs: _ResultInputs


def crops_of(evaluation: Path) -> dict[str, list[SourceVideo]]:
    """The videos of each method, as folders of crops.

    Raises:
        InputError: there is no evaluation, or its report is damaged.
    """
    return {
        name: [SourceVideo(video, evaluation / "crops" / name / video) for video in one.videos]
        for name, one in _report(evaluation).methods.items()
    }


def photos_of(evaluation: Path) -> dict[str, Path]:
    """The photo of each video's target; none where targets are other people.

    Raises:
        InputError: there is no evaluation, or it is damaged.
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


def _report(evaluation: Path) -> _Report:
    path = evaluation / "report.json"
    if not path.exists():
        raise InputError(
            "this is no folder of an evaluation",
            given=f"no {path}",
            advice="reenactor evaluate makes one",
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
        f"{path} is damaged", given=why, advice="the same `reenactor evaluate` makes it again"
    )
