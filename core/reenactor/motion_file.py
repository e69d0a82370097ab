"""Reads and writes crowds and motions as versioned safetensors files.

Arrays are stored as tensors, everything else in the header. Saving and loading is lossless.
"""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from reenactor.errors import InputError
from reenactor.media.files import json_value, write_bytes
from reenactor.spelling import legible
from reenactor.values import Clip, Crowd, Motion, Skeleton

VERSIONS = {"crowd": 2, "motion": 1}
"""The format version of each kind of file; crowds of another version are computed again."""
SUFFIX = ".motion"

LONGEST, MOST_PIXELS = 16384, 1 << 26
"""Limits of frames: the longer side, and height times width (8K has half as many pixels)."""
FASTEST = 1000
"""Limits of the frame rate."""

_LATEST = 1 << 62
_MOST_TICKS = (1 << 31) - 1
"""Limits of times and time bases: containers use 32 bits for both."""
_FARTHEST = 1e6
"""The largest coordinate in pixels or metres."""
_LARGEST_MASK = 4096
_FRACTION = re.compile(r"\d{1,18}(/[1-9]\d{0,17})?")
_CUTS = "cuts"
"""In the header if the clip has more than one shot."""
_HEADER = frozenset({"kind", "version", "time_base", "fps", "size", "name", "source"})

Arrays = dict[str, Tensor]
Shapes = Mapping[str, tuple[torch.dtype, tuple[int, ...]]]
"""The type of each array, and its shape after the first axis; -1 is any length."""

_TIMES: tuple[torch.dtype, tuple[int, ...]] = (torch.int64, ())
_PERSON: Shapes = {
    "body": (torch.float32, (25, 3)),
    "hands": (torch.float32, (2, 21, 3)),
    "face": (torch.float32, (70, 3)),
    "box": (torch.float32, (4,)),
    "mask": (torch.uint8, (-1, -1)),
    "mask_box": (torch.float32, (4,)),
}
_MOTION: Shapes = {**_PERSON, "present": (torch.bool, ())}
_CROWD: Shapes = {
    **_PERSON,
    "frame": (torch.int64, ()),
    "score": (torch.float32, ()),
    "look": (torch.uint8, (-1, -1)),
}


def save_motion(motion: Motion, path: Path) -> None:
    """Write a motion atomically."""
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
        InputError: the file is missing, not a motion, of another version, or has invalid values.
    """
    clip, arrays = _load("motion", path, _MOTION, "times")
    return Motion(
        clip=clip,
        skeleton=_skeleton(arrays),
        present=arrays["present"],
        box=arrays["box"],
        mask=arrays["mask"],
        mask_box=arrays["mask_box"],
    )


def save_crowd(crowd: Crowd, path: Path) -> None:
    """Write a crowd atomically."""
    arrays = _skeleton_arrays(crowd.skeleton) | {
        "frame": crowd.frame,
        "score": crowd.score,
        "box": crowd.box,
        "mask": crowd.mask,
        "mask_box": crowd.mask_box,
        "look": crowd.appearance,
    }
    _save("crowd", crowd.clip, arrays, path)


def load_crowd(path: Path) -> Crowd:
    """Read a crowd; raises as `load_motion` does."""
    clip, arrays = _load("crowd", path, _CROWD, "frame")
    frame = arrays["frame"]
    if len(frame) and (int(frame.min()) < 0 or int(frame.max()) >= len(clip)):
        raise _damaged("crowd", path, "frame: a number beyond the clip")
    if bool((frame.diff() < 0).any()):
        raise _damaged("crowd", path, "frame: decreasing numbers")
    return Crowd(
        clip=clip,
        frame=frame,
        skeleton=_skeleton(arrays),
        score=arrays["score"],
        box=arrays["box"],
        mask=arrays["mask"],
        mask_box=arrays["mask_box"],
        appearance=arrays["look"],
    )


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
    } | ({_CUTS: clip.cuts} if clip.cuts else {})
    every = {key: value.contiguous() for key, value in arrays.items()} | {"times": clip.times}
    write_bytes(path, save(every, {"reenactor": json.dumps(header)}))


def _load(kind: str, path: Path, wanted: Shapes, counted: str) -> tuple[Clip, Arrays]:
    """The clip and the other arrays; all have as many rows as the array `counted`."""
    if not path.is_file():
        raise InputError(f"no such {kind} file", given=str(path))
    require_name(path)
    try:
        with safe_open(path, framework="pt") as file:
            header = json_value((file.metadata() or {})["reenactor"], f"the header of {path}")
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (no dict)
        if header["kind"] != kind:
            raise ValueError(f"kind: {header['kind']!r}")
        if header["version"] != VERSIONS[kind]:
            raise InputError(
                f"this {kind} was written by another version of reenactor",
                given=f"{path}, format {header['version']}",
                expected=f"format {VERSIONS[kind]}",
                advice="analyze the video again: reenactor analyze VIDEO",
            )
        if set(header) - {_CUTS} != _HEADER:
            raise ValueError(f"the header has {', '.join(sorted(map(str, header)))}")
        _require(arrays, {**wanted, "times": _TIMES}, counted)
        clip = _clip(header, arrays.pop("times"))
    except KeyError as error:
        raise _damaged(kind, path, f"{error} is missing") from error
    except (SafetensorError, OSError, TypeError, ValueError, OverflowError) as error:
        raise _damaged(kind, path, str(error)) from error
    return clip, arrays


def require_name(path: Path) -> None:
    """Check that a file's name is UTF-8, as the safetensors library requires.

    Raises:
        InputError: it cannot.
    """
    if str(path) != legible(str(path)):
        raise InputError(
            "the name of this file, or of a folder above it, is not UTF-8",
            given=str(path),
            expected="a name in UTF-8",
            advice="rename it",
        )


def _clip(header: Mapping[str, Any], times: Tensor) -> Clip:
    """The clip; raises `ValueError` if it is invalid."""
    if len(times) == 0 or bool((times.diff() <= 0).any()):
        raise ValueError("times: empty, or not increasing")
    if int(times.abs().max()) > _LATEST or bool((times.diff() > _MOST_TICKS).any()):
        raise ValueError("times: out of range")
    size = header["size"]
    if not isinstance(size, list) or [type(side) for side in size] != [int, int]:
        raise ValueError(f"size: {size!r}, not height and width")
    height, width = size
    if min(size) < 1 or max(size) > LONGEST or height * width > MOST_PIXELS:
        raise ValueError(f"size: {width}x{height}, more than {MOST_PIXELS} pixels or none")
    name, source = header["name"], header["source"]
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise ValueError(f"name: {name!r:.80}")
    if Path(name).name != name or name == ".." or "\0" in name:  # it is used as a folder name
        raise ValueError(f"name: {name!r:.80}")
    if not isinstance(source, str) or len(source) > 255:
        raise ValueError(f"source: {source!r:.80}")
    return Clip(
        times=times,
        time_base=_fraction(header, "time_base", Fraction(1, _MOST_TICKS), Fraction(10**5)),
        fps=_fraction(header, "fps", Fraction(1, 10**5), Fraction(FASTEST)),
        size=(height, width),
        name=name,
        source=source,
        cuts=_cuts(header, len(times)),
    )


def _cuts(header: Mapping[str, Any], length: int) -> tuple[int, ...]:
    cuts = header.get(_CUTS, [])
    if not isinstance(cuts, list) or any(type(cut) is not int for cut in cuts):
        raise ValueError(f"cuts: {cuts!r:.80}, not numbers of frames")
    if any(b <= a for a, b in pairwise((0, *cuts, length))):
        raise ValueError(f"cuts: {cuts!r:.80}, not increasing within the clip")
    return tuple(cuts)


def _fraction(header: Mapping[str, Any], key: str, least: Fraction, most: Fraction) -> Fraction:
    text = header[key]
    if not isinstance(text, str) or not _FRACTION.fullmatch(text):
        raise ValueError(f"{key}: {text!r:.80}, not a fraction such as 30000/1001")
    value = Fraction(text)
    if not least <= value <= most or max(value.as_integer_ratio()) > _MOST_TICKS:
        raise ValueError(f"{key}: {text}, not within {least} to {most}")
    return value


def _require(arrays: Arrays, wanted: Shapes, counted: str) -> None:
    """Check names, types, shapes and ranges of all arrays; `ValueError` names the first fault."""
    unknown = set(arrays) - set(wanted) - {"world"}
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: unknown arrays")
    rows = len(arrays[counted]) if arrays[counted].ndim else -1
    shapes = {**wanted, "world": (torch.float32, (25, 3))} if "world" in arrays else wanted
    for name, (dtype, shape) in shapes.items():
        array = arrays[name]
        if array.dtype != dtype:
            raise ValueError(f"{name}: {array.dtype}, not {dtype}")
        if array.ndim != 1 + len(shape) or (name != "times" and len(array) != rows):
            raise ValueError(f"{name}: of shape {tuple(array.shape)}, with {rows} rows elsewhere")
        if any(side not in (-1, own) for own, side in zip(array.shape[1:], shape, strict=True)):
            raise ValueError(f"{name}: of shape {tuple(array.shape)}")
        if dtype == torch.float32 and not bool((array.abs() <= _FARTHEST).all()):
            raise ValueError(f"{name}: a value that is NaN, infinite or out of range")
    for name in ("body", "hands", "face"):
        sure = arrays[name][..., 2]
        if bool(((sure < 0) | (sure > 1)).any()):
            raise ValueError(f"{name}: a confidence outside 0 to 1")
    mask = arrays["mask"]
    if mask.shape[1] != 8 * mask.shape[2] or mask.shape[1] > _LARGEST_MASK:
        raise ValueError(f"mask: of shape {tuple(mask.shape)}, not rows of squares of bits")


def _damaged(kind: str, path: Path, fault: str) -> InputError:
    return InputError(
        f"not a {kind} file, or damaged",
        given=f"{path} ({fault})" if fault else str(path),
        expected="a file that `reenactor analyze` wrote",
        advice="analyze the video again: reenactor analyze VIDEO",
    )
