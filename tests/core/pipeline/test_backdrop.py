"""The background behind a dancer who was painted out."""

from typing import Any

import pytest
import torch

from reenactor.media.video import VideoFrame
from reenactor.pipeline.backdrop import InpaintedBackdrop, VideoFootage
from reenactor.pipeline.driver import Driver, open_driver
from reenactor.progress import Silent
from reenactor.roles import Footage, HeldFootage
from reenactor.roles.footage import evenly
from reenactor.testing.cartoon import dancing


@pytest.fixture
def driver(stage: Any) -> Driver:
    request = stage.request()
    return open_driver(
        stage.driver, stage.components.estimator, request.spec.motion, request.crowd_cache, Silent()
    )


def test_footage_reads_frames_with_their_holes(driver: Driver) -> None:
    assert driver.video is not None
    assert driver.removal is not None
    footage = VideoFootage(driver.video, driver.removal, Silent())
    assert footage.size == driver.video.size
    assert footage.shots == driver.motion.clip.shots
    for index, (frames, hole) in zip((1, 4), footage.read([4, 1, 4]), strict=True):
        assert frames.index == (index,)
        assert torch.equal(hole[0], torch.from_numpy(driver.removal.hole(index)))
        assert hole.any()
    shot = slice(2, 9)
    spread = footage.spread(shot, 4)
    assert len(spread) <= 4
    assert all(2 <= index < 9 for index in spread)


def test_what_the_inpainter_adds_to_a_hole_is_filled_too(driver: Driver, stage: Any) -> None:
    assert driver.video is not None
    assert driver.removal is not None
    inpainter = stage.components.inpainter
    rim = slice(0, 3)

    class Growing(type(inpainter)):  # type: ignore[misc]  # the stage's own class
        def grown(self, prepared: object, frames: object, holes: torch.Tensor) -> torch.Tensor:
            larger = holes.clone()
            larger[:, rim] = True
            return larger

    grown = Growing(inpainter.options, inpainter.runtime)
    (frames, _), *_ = VideoFootage(driver.video, driver.removal, Silent()).read([0])
    frame = VideoFrame(0, 0, frames.pixels[0].numpy())
    for one, changed in ((inpainter, False), (grown, True)):
        backdrop = InpaintedBackdrop(driver.video, driver.removal, one, Silent())
        picture = backdrop.picture(0, frame)
        holes = torch.from_numpy(driver.removal.hole(0))[None]
        if changed:
            holes = grown.grown(None, frames, holes)
        expected = inpainter.inpaint(None, frames, holes).pixels[0]
        assert torch.equal(torch.from_numpy(picture), expected)


def test_held_footage_is_one_shot() -> None:
    frames = dancing(5, (120, 160)).frames
    holes = torch.zeros(5, *frames.size, dtype=torch.bool)
    footage: Footage = HeldFootage(frames, holes)
    assert footage.shots == (slice(0, 5),)
    assert [given.index[0] for given, _ in footage.read([3, 0])] == [0, 3]


@pytest.mark.parametrize(
    ("shot", "count", "expected"),
    [
        (slice(0, 9), 3, (0, 4, 8)),
        (slice(10, 13), 16, (10, 11, 12)),
        (slice(7, 8), 4, (7,)),
        (slice(0, 100), 1, (0,)),
    ],
)
def test_frames_are_spread_evenly(shot: slice, count: int, expected: tuple[int, ...]) -> None:
    assert evenly(shot, count) == expected
