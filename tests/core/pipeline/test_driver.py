"""Drivers whose key points are those of nobody, in a motion file or from an estimator."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.errors import NoPersonError
from reenactor.motion_file import save_motion
from reenactor.pipeline.driver import open_driver
from reenactor.pipeline.run import render_video
from reenactor.progress import Silent
from reenactor.spec.motion import MotionSpec
from reenactor.values import Clip, Frames, Motion, People, Skeleton

LENGTH = 40
Break = Callable[[Motion, slice], None]


class Listener(Silent):
    """Writes down what is said."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def note(self, text: str) -> None:
        self.heard.append(text)


def one_place(motion: Motion, where: slice) -> None:
    motion.skeleton.body[where, :, :2] = 50.0


def one_line(motion: Motion, where: slice) -> None:
    motion.skeleton.body[where, :, 0] = 50.0


def outside(motion: Motion, where: slice) -> None:
    motion.skeleton.body[where, :, 0] += 500.0


def inverted(motion: Motion, where: slice) -> None:
    motion.box[where] = motion.box[where].flip(1)


def unseen(motion: Motion, where: slice) -> None:
    motion.skeleton.body[where, :, 2] = 0.0


BREAKS = [one_place, one_line, outside, inverted, unseen]


def dance() -> Motion:
    """Somebody who walks through a picture of 160x120, found in every frame."""
    skeleton = Skeleton.empty(LENGTH)
    places = {
        0: (0, 46),
        1: (0, 52),
        8: (0, 76),
        9: (-6, 76),
        12: (6, 76),
        11: (-6, 98),
        14: (6, 98),
    }
    for joint, (x, y) in places.items():
        skeleton.body[:, joint, 0] = 40.0 + x + torch.arange(LENGTH)
        skeleton.body[:, joint, 1] = y
        skeleton.body[:, joint, 2] = 1.0
    box = torch.tensor([30.0, 40.0, 50.0, 100.0]) + torch.arange(LENGTH)[:, None] * torch.tensor(
        [1.0, 0, 1, 0]
    )
    return Motion(
        clip=Clip(torch.arange(LENGTH), Fraction(1, 30), Fraction(30), (120, 160), "d.mp4", "0"),
        skeleton=skeleton,
        present=torch.ones(LENGTH, dtype=torch.bool),
        box=box,
        mask=torch.zeros(LENGTH, 0, 0, dtype=torch.uint8),
        mask_box=torch.zeros(LENGTH, 4),
    )


def driven(stage: Any, motion: Motion) -> tuple[Motion, list[str]]:
    path = stage.folder / "dance.motion"
    save_motion(motion, path)
    listener = Listener()
    memory = stage.request().crowd_cache
    return open_driver(path, stage.components.estimator, MotionSpec(), memory, listener).motion, (
        listener.heard
    )


def test_a_sound_motion_stays_as_it_is(stage: Any) -> None:
    motion, heard = driven(stage, dance())
    assert bool(motion.present.all())
    assert torch.equal(motion.skeleton.body, dance().skeleton.body)
    assert heard == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.__name__)
def test_frames_of_nobody_in_a_motion_are_absent_and_told_of(stage: Any, broken: Break) -> None:
    motion = dance()
    broken(motion, slice(10, 17))
    got, heard = driven(stage, motion)
    absent = (~got.present).nonzero().flatten().tolist()
    assert absent == [*range(10, 17)]
    assert float(got.skeleton.body[~got.present].abs().max()) == 0
    assert "in 7 of 40 frames" in heard[0]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.__name__)
def test_a_motion_of_nobody_is_refused_before_the_long_work(stage: Any, broken: Break) -> None:
    motion = dance()
    broken(motion, slice(0, LENGTH))
    path = stage.folder / "dance.motion"
    save_motion(motion, path)
    request = stage.request(driver=path, background="white")
    with pytest.raises(NoPersonError, match="tracked in 0 of 40 frames"):
        render_video(request, stage.components, Silent())
    assert not (stage.folder / "out.mp4").exists()


@pytest.mark.parametrize("collapse", [lambda xy: xy * 0 + 50, lambda xy: xy + 5000])
def test_an_estimator_that_finds_nobody_in_such_a_way(
    stage: Any, monkeypatch: pytest.MonkeyPatch, collapse: Callable[[Any], Any]
) -> None:
    find = type(stage.components.estimator).estimate
    lost = range(30, 70)

    def broken(self: Any, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        def at(index: int, people: People) -> People:
            if index not in lost:
                return people
            body = people.skeleton.body.clone()
            body[..., :2] = collapse(body[..., :2])
            return replace(people, skeleton=replace(people.skeleton, body=body))

        return tuple(map(at, frames.index, find(self, frames, before)))

    monkeypatch.setattr(type(stage.components.estimator), "estimate", broken)
    listener = Listener()
    for _ in range(2):  # the second time the crowd is remembered
        report = render_video(stage.request(), stage.components, listener)
        assert set(report.absent) == set(lost)
        (stage.folder / "out.mp4").unlink()
        Path(f"{stage.folder / 'out.mp4'}.json").unlink(missing_ok=True)
    told = [text for text in listener.heard if "in 40 of 100 frames" in text]
    assert len(told) == 2
    assert any("40 of 100 frames, at" in text for text in listener.heard)
