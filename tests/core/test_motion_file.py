"""Motions on disk: what is saved is loaded, and nothing else is."""

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save
from torch import Tensor

from reenactor.errors import InputError
from reenactor.motion_file import load_crowd, load_motion, save_crowd, save_motion
from reenactor.values import Clip, Crowd, Motion, Skeleton

LENGTH = 5


def skeleton(rows: int) -> Skeleton:
    points = torch.full((rows, 25, 3), 0.5)
    return Skeleton(
        points, torch.rand(rows, 2, 21, 3), torch.rand(rows, 70, 3), torch.zeros(rows, 25, 3)
    )


def motion() -> Motion:
    return Motion(
        clip=Clip(
            times=torch.arange(LENGTH) * 1001,
            time_base=Fraction(1, 30000),
            fps=Fraction(30000, 1001),
            size=(240, 320),
            name="dance",
            source="0" * 64,
        ),
        skeleton=skeleton(LENGTH),
        present=torch.ones(LENGTH, dtype=torch.bool),
        box=torch.tensor([[10.0, 10, 50, 200]]).repeat(LENGTH, 1),
        mask=torch.zeros(LENGTH, 16, 2, dtype=torch.uint8),
        mask_box=torch.zeros(LENGTH, 4),
    )


def crowd() -> Crowd:
    one = motion()
    frame = torch.tensor([0, 0, 1, 2, 4])
    look = torch.zeros(LENGTH, 3, 8, dtype=torch.uint8)
    return Crowd(
        one.clip, frame, one.skeleton, torch.ones(LENGTH), one.box, one.mask, one.mask_box, look
    )


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "a.motion"
    save_motion(motion(), path)
    return path


def parts(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The header's own JSON and the arrays of a file."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    meta = json.loads(content[8 : 8 + length])["__metadata__"]
    return json.loads(meta["reenactor"]), load_file(path)


def put(path: Path, header: Any, arrays: dict[str, Tensor]) -> None:
    text = header if isinstance(header, str) else json.dumps(header)
    contiguous = {key: value.contiguous() for key, value in arrays.items()}
    path.write_bytes(save(contiguous, {"reenactor": text}))


def same(a: Any, b: Any) -> bool:
    if isinstance(a, Tensor):
        return torch.equal(a, b)
    if hasattr(a, "__dataclass_fields__"):
        return all(same(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__)
    return bool(a == b)


def test_what_is_saved_is_loaded(tmp_path: Path, saved: Path) -> None:
    one = motion()
    save_motion(one, saved)
    assert same(load_motion(saved), one)
    flat = replace(one, skeleton=replace(one.skeleton, world=None))
    save_motion(flat, saved)
    assert load_motion(saved).skeleton.world is None
    some = crowd()
    save_crowd(some, tmp_path / "a.crowd")
    assert same(load_crowd(tmp_path / "a.crowd"), some)


HEADERS: dict[str, list[Any]] = {
    "time_base": [
        "1/0",
        "0",
        "-1/25",
        "x",
        "1/30000000000000000000000",
        "1/10000000000",
        1,
        None,
        "1e3",
        ["1"],
    ],
    "fps": ["99999999", "0", "1/0", "-25", 25, None, "", "nan", "inf", "1/999999999999"],
    "size": [[20000, 20000], [0, 10], [-1, 5], [240], 240, None, "ab", [2.5, 10], [True, 9], {}],
    "name": ["", "../dance", "/etc/passwd", "a/b", ".", "..", 7, None, "x" * 300, ["a"], "a\0b"],
    "source": [7, None, "x" * 300],
    "kind": ["crowd", 1, None, [], {}],
    "version": [0, 2, "1", None, [1]],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in HEADERS.items() for value in values]
)
def test_a_header_that_no_motion_has_is_refused(saved: Path, key: str, value: Any) -> None:
    header, arrays = parts(saved)
    put(saved, {**header, key: value}, arrays)
    with pytest.raises(InputError):
        load_motion(saved)


@pytest.mark.parametrize("text", ["", "[]", "1", "null", "[" * 100_000, '{"kind": "motion"}', "{"])
def test_a_header_of_another_form_is_refused(saved: Path, text: str) -> None:
    put(saved, text, parts(saved)[1])
    with pytest.raises(InputError):
        load_motion(saved)


def test_times_that_no_container_can_count_are_refused(saved: Path) -> None:
    header, arrays = parts(saved)
    put(saved, header, {**arrays, "times": torch.arange(LENGTH) * 10**15})
    with pytest.raises(InputError, match="times"):
        load_motion(saved)


def test_unknown_keys_and_arrays_are_refused(saved: Path) -> None:
    header, arrays = parts(saved)
    put(saved, {**header, "colour": "red"}, arrays)
    with pytest.raises(InputError, match="colour"):
        load_motion(saved)
    put(saved, header, {**arrays, "wings": torch.zeros(LENGTH)})
    with pytest.raises(InputError, match="wings"):
        load_motion(saved)


CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "of another type": lambda a: a.double() if a.dtype != torch.float64 else a.float(),
    "of another whole type": lambda a: a.to(torch.int16),
    "flat": lambda a: a.reshape(-1) if a.ndim > 1 else a[None],
    "one axis more": lambda a: a[..., None],
    "one row less": lambda a: a[:-1],
    "one row more": lambda a: torch.cat([a, a[-1:]]),
    "without rows": lambda a: a[:0],
    "a single number": lambda a: a.reshape(-1)[0],
    "turned": lambda a: a.movedim(0, -1) if a.ndim > 1 else a[::2],
}
ARRAYS = ["body", "hands", "face", "world", "present", "box", "mask", "mask_box", "times"]


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("change", CHANGES)
def test_arrays_of_another_type_or_shape_are_refused(saved: Path, name: str, change: str) -> None:
    header, arrays = parts(saved)
    put(saved, header, {**arrays, name: CHANGES[change](arrays[name])})
    with pytest.raises(InputError, match="not a motion file, or damaged"):
        load_motion(saved)


@pytest.mark.parametrize("name", ["body", "hands", "face", "world", "box", "mask_box"])
@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf, 1e30])
def test_numbers_that_are_none_are_refused(saved: Path, name: str, value: float) -> None:
    header, arrays = parts(saved)
    arrays[name].view(-1)[3] = value
    put(saved, header, arrays)
    with pytest.raises(InputError, match=name):
        load_motion(saved)


@pytest.mark.parametrize("times", [[0, 1, 1, 2, 3], [4, 3, 2, 1, 0], [0, 1, 2, 3, 2**63 - 1]])
def test_times_rise(saved: Path, times: list[int]) -> None:
    header, arrays = parts(saved)
    put(saved, header, {**arrays, "times": torch.tensor(times)})
    with pytest.raises(InputError, match="times"):
        load_motion(saved)


@pytest.mark.parametrize("sure", [-0.5, 1.5, 90.0])
def test_confidences_are_shares(saved: Path, sure: float) -> None:
    header, arrays = parts(saved)
    arrays["body"][2, 4, 2] = sure
    put(saved, header, arrays)
    with pytest.raises(InputError, match="confidence"):
        load_motion(saved)


@pytest.mark.parametrize("frame", [[0, 1, 2, 3, 5], [-1, 0, 1, 2, 3], [0, 2, 1, 3, 4]])
def test_people_are_in_frames_of_the_clip_in_order(tmp_path: Path, frame: list[int]) -> None:
    path = tmp_path / "a.crowd"
    save_crowd(replace(crowd(), frame=torch.tensor(frame)), path)
    with pytest.raises(InputError, match="frame"):
        load_crowd(path)


def test_a_header_that_promises_more_than_the_file_holds_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    for length in (2**63, 10**9, len(content)):
        saved.write_bytes(struct.pack("<Q", length) + content[8:])
        with pytest.raises(InputError):
            load_motion(saved)
    saved.write_bytes(content.replace(b'"shape":[5,25,3]', b'"shape":[9,99,9]'))
    with pytest.raises(InputError):
        load_motion(saved)


@pytest.mark.parametrize("seed", range(4))
def test_bytes_changed_at_random_give_a_motion_or_an_error_of_ours(saved: Path, seed: int) -> None:
    content, chance = saved.read_bytes(), np.random.default_rng(seed)
    for _ in range(100):
        damaged = np.frombuffer(content, np.uint8).copy()
        where = chance.integers(0, chance.choice([1200, len(damaged)]), chance.choice([1, 2, 8]))
        damaged[where] = chance.integers(0, 256, len(where))
        end = len(damaged) if chance.random() < 0.8 else int(chance.integers(0, 2000))
        saved.write_bytes(damaged[:end].tobytes())
        try:
            found = load_motion(saved)
        except InputError:
            continue
        assert len(found) == LENGTH
        assert bool(found.skeleton.body.isfinite().all())
