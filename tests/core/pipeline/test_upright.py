"""Photos in which the person lies, is upside down, or is in part only."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.errors import NoPersonError
from reenactor.joints import Joint
from reenactor.media.photo import Photo
from reenactor.options import NoOptions
from reenactor.pipeline.target import analyze_photo
from reenactor.pipeline.upright import quarter_turns, turn_upright
from reenactor.progress import Silent
from reenactor.roles import Parser, SkeletonEstimator
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, People, Skeleton

J = Joint
STANDING = {
    J.NOSE: (30, 12), J.NECK: (30, 22), J.L_SHOULDER: (38, 22), J.R_SHOULDER: (22, 22),
    J.MID_HIP: (30, 50), J.L_HIP: (34, 50), J.R_HIP: (26, 50), J.L_KNEE: (34, 70),
    J.R_KNEE: (26, 70), J.L_ANKLE: (34, 90), J.R_ANKLE: (26, 90),
}  # fmt: skip


class Marks(SkeletonEstimator[NoOptions]):
    """Finds each joint as the pixel whose red says which joint it is.

    `least` is the smallest height over width of a picture in which it sees anybody.
    """

    least = 0.0

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        del before
        red = frames.pixels[0, :, :, 0].numpy()
        if red.shape[0] < self.least * red.shape[1] or not red.any():
            return (People.nobody(),)
        skeleton = Skeleton.empty(1)
        for y, x in zip(*np.nonzero(red), strict=True):
            skeleton.body[0, red[y, x] - 1] = torch.tensor([float(x), float(y), 1.0])
        return (People(skeleton, torch.ones(1), torch.tensor([[0.0, 0.0, 60.0, 100.0]])),)


class Whole(Parser[NoOptions]):
    """Whatever stands in the middle is the person."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        labels = torch.zeros(1, *frames.size, dtype=torch.uint8)
        labels[:, :, 20:40] = 1
        return Parsing(labels)


class Heard(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def photo(joints: dict[Any, tuple[int, int]]) -> Photo:
    """A picture of 100 x 60 with a mark for each joint, and an alpha that differs everywhere."""
    pixels = np.zeros((100, 60, 3), np.uint8)
    pixels[:, :, 1:] = 128
    for joint, (x, y) in joints.items():
        pixels[y, x, 0] = joint + 1
    return Photo(pixels, (np.arange(6000) % 251).astype(np.uint8).reshape(100, 60), "marks")


def turned(picture: Photo, quarters: int) -> Photo:
    assert picture.alpha is not None
    return Photo(
        np.ascontiguousarray(np.rot90(picture.pixels, quarters)),
        np.ascontiguousarray(np.rot90(picture.alpha, quarters)),
        picture.name,
    )


def runtime() -> Runtime:
    def no_weight(weight: object) -> Any:
        raise AssertionError("nothing here has weights")

    return Runtime(weight=no_weight)


def marks() -> Marks:
    return Marks(NoOptions(), runtime())


def studied(picture: Photo) -> list[str]:
    """What is noted of a photo."""
    heard = Heard()
    analyze_photo(picture, marks(), Whole(NoOptions(), runtime()), heard)
    return heard.notes


@pytest.mark.parametrize("by", [0, 1, 2, 3])
@pytest.mark.parametrize("part", ["whole", "bust"])
def test_a_photo_is_turned_until_the_person_is_upright(by: int, part: str) -> None:
    joints = {
        joint: place for joint, place in STANDING.items() if part == "whole" or place[1] < 40
    }  # fmt: skip
    upright, heard = photo(joints), Heard()
    got = turn_upright(turned(upright, by), marks(), heard)
    np.testing.assert_array_equal(got.photo.pixels, upright.pixels)
    assert got.photo.alpha is not None
    assert upright.alpha is not None
    np.testing.assert_array_equal(got.photo.alpha, upright.alpha)
    assert got.people.skeleton.body[0, J.NOSE].tolist() == [30, 12, 1]
    assert len(heard.notes) == (by > 0)
    assert (got.frames.name == "marks") == (by == 0)


@pytest.mark.parametrize("by", [1, 3])
def test_where_nobody_is_found_the_photo_is_turned(by: int) -> None:
    upright, estimator = photo(STANDING), marks()
    estimator.least = 1.0
    got = turn_upright(turned(upright, by), estimator, Silent())
    np.testing.assert_array_equal(got.photo.pixels, upright.pixels)


def test_an_estimator_that_does_not_look_leaves_the_photo_as_it_is() -> None:
    """Key points from a file are the same whichever way the photo is turned."""

    class File(Marks):
        def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
            skeleton = Skeleton.empty(1)
            for joint, (x, y) in STANDING.items():
                skeleton.body[0, joint] = torch.tensor([float(x), 99.0 - y, 1.0])
            return (People(skeleton, torch.ones(1), torch.tensor([[0.0, 0.0, 60.0, 100.0]])),)

    down, heard = turned(photo(STANDING), 2), Heard()
    got = turn_upright(down, File(NoOptions(), runtime()), heard)
    np.testing.assert_array_equal(got.photo.pixels, down.pixels)
    assert "not upright" in heard.notes[0]


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("touching the toes", {J.NECK: (45, 62), J.NOSE: (47, 72)}),
        ("sitting", {J.L_ANKLE: (55, 52), J.R_ANKLE: (55, 54), J.L_KNEE: (45, 50)}),
        ("leaning", {J.NECK: (50, 30), J.NOSE: (57, 24)}),
    ],
)
def test_who_bends_is_upright(name: str, moves: dict[Joint, tuple[int, int]]) -> None:
    assert quarter_turns(marks().estimate(_seen(photo({**STANDING, **moves})))[0]) == 0, name


def _seen(picture: Photo) -> Frames:
    return Frames(torch.from_numpy(picture.pixels)[None], (0,), picture.name)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (slice(0, 100), None),
        (slice(0, 80), "the feet"),
        (slice(0, 60), "anything below the hips"),
        (slice(0, 40), "anything below the waist"),
        (slice(18, 100), "the head"),
    ],
)
def test_what_the_photo_does_not_show_is_told(rows: slice, told: str | None) -> None:
    notes = studied(photo({j: place for j, place in STANDING.items() if place[1] in _range(rows)}))
    assert len(notes) == (told is not None)
    assert all(f"does not show {told}" in note for note in notes)


def _range(rows: slice) -> range:
    return range(rows.start, rows.stop)


def test_half_a_person_is_told_of() -> None:
    class LeftHalf(Parser[NoOptions]):
        """The photo's left edge cuts somebody."""

        def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
            labels = torch.zeros(1, *frames.size, dtype=torch.uint8)
            labels[:, :90, :30] = 1
            return Parsing(labels)

    heard = Heard()
    whole = replace(photo(STANDING), alpha=None)
    analyze_photo(whole, marks(), LeftHalf(NoOptions(), runtime()), heard)
    (note,) = heard.notes
    assert "the left edge of the photo cuts the person lengthwise" in note


def test_who_crouches_is_told_to_stand() -> None:
    knees = {J.L_KNEE: (52, 52), J.R_KNEE: (50, 54), J.L_ANKLE: (45, 80), J.R_ANKLE: (40, 80)}
    assert "crouches" in studied(photo({**STANDING, **knees}))[0]


@pytest.mark.parametrize(
    "joints",
    [
        {J.NOSE: (30, 50), J.L_EYE: (40, 30), J.R_EYE: (22, 30)},
        {J.L_ANKLE: (30, 40), J.L_HEEL: (28, 50), J.L_BIG_TOE: (45, 52)},
    ],
)
def test_a_head_or_a_foot_alone_is_refused(joints: dict[Joint, tuple[int, int]]) -> None:
    with pytest.raises(NoPersonError, match="neither the person's shoulders nor their hips"):
        studied(photo(joints))
