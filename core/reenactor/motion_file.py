"""Crowds and motions on disk: safetensors files, versioned, no pickle.

A file holds the arrays of the value and, in its header, what is not an array. Everything is
stored as it is: what is saved and loaded is the same, bit for bit.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from reenactor.errors import InputError
from reenactor.media.files import write_bytes
from reenactor.values import Clip, Crowd, Motion, Skeleton

VERSIONS = {"crowd": 2, "motion": 1}
"""The format of each kind of file; a crowd of another version is watched anew."""
SUFFIX = ".motion"

Arrays = Mapping[str, Tensor]


def save_motion(motion: Motion, path: Path) -> None:
    """Write a motion; the file appears whole or not at all."""
    arrays = _skeleton_arrays(motion.skeleton) | {
        "present": motion.present,
        "box": motion.box,
        "mask": motion.mask,
        "mask_box": motion.mask_box,
    }
    _save("motion", motion.clip, arrays, path)


def load_motion(path: Path) -> Motion:
    """Read a motion.

    Raises:
        InputError: the file is missing, is no motion, or is of another version.
    """
    clip, arrays = _load("motion", path)
    try:
        motion = Motion(
            clip=clip,
            skeleton=_skeleton(arrays),
            present=arrays["present"],
            box=arrays["box"],
            mask=arrays["mask"],
            mask_box=arrays["mask_box"],
        )
    except KeyError as error:
        raise _damaged("motion", path) from error
    if any(len(array) != len(clip) for array in arrays.values()):
        raise _damaged("motion", path)
    return motion


def save_crowd(crowd: Crowd, path: Path) -> None:
    """Write a crowd; the file appears whole or not at all."""
    arrays = _skeleton_arrays(crowd.skeleton) | {
        "frame": crowd.frame,
        "score": crowd.score,
        "box": crowd.box,
        "mask": crowd.mask,
        "mask_box": crowd.mask_box,
        "look": crowd.look,
    }
    _save("crowd", crowd.clip, arrays, path)


def load_crowd(path: Path) -> Crowd:
    """Read a crowd; raises as `load_motion` does."""
    clip, arrays = _load("crowd", path)
    try:
        return Crowd(
            clip=clip,
            frame=arrays["frame"],
            skeleton=_skeleton(arrays),
            score=arrays["score"],
            box=arrays["box"],
            mask=arrays["mask"],
            mask_box=arrays["mask_box"],
            look=arrays["look"],
        )
    except KeyError as error:
        raise _damaged("crowd", path) from error


def _skeleton_arrays(skeleton: Skeleton) -> dict[str, Tensor]:
    arrays = {"body": skeleton.body, "hands": skeleton.hands, "face": skeleton.face}
    if skeleton.world is not None:
        arrays["world"] = skeleton.world
    return arrays


def _skeleton(arrays: Arrays) -> Skeleton:
    return Skeleton(arrays["body"], arrays["hands"], arrays["face"], arrays.get("world"))


def _save(kind: str, clip: Clip, arrays: Arrays, path: Path) -> None:
    header = {
        "kind": kind,
        "version": VERSIONS[kind],
        "time_base": str(clip.time_base),
        "fps": str(clip.fps),
        "size": clip.size,
        "name": clip.name,
        "source": clip.source,
    } | ({"cuts": clip.cuts} if clip.cuts else {})
    every = {key: value.contiguous() for key, value in arrays.items()} | {"times": clip.times}
    write_bytes(path, save(every, {"reenactor": json.dumps(header)}))


def _load(kind: str, path: Path) -> tuple[Clip, Arrays]:
    if not path.is_file():
        raise InputError(f"there is no such {kind} file", given=str(path))
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {})["reenactor"])
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (no dict)
        if header["kind"] != kind:
            raise _damaged(kind, path)
        if header["version"] != VERSIONS[kind]:
            raise InputError(
                f"this {kind} was written by another version of reenactor",
                given=f"{path}, format {header['version']}",
                expected=f"format {VERSIONS[kind]}",
                advice="analyze the video again: reenactor analyze VIDEO",
            )
        height, width = header["size"]
        clip = Clip(
            times=arrays.pop("times"),
            time_base=Fraction(header["time_base"]),
            fps=Fraction(header["fps"]),
            size=(int(height), int(width)),
            name=str(header["name"]),
            source=str(header["source"]),
            cuts=tuple(int(cut) for cut in header.get("cuts", ())),
        )
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(kind, path) from error
    return clip, arrays


def _damaged(kind: str, path: Path) -> InputError:
    return InputError(
        f"this file is no {kind}, or it is damaged",
        given=str(path),
        expected="a file that `reenactor analyze` wrote",
    )
