"""Who is found late is followed back to where they were seen already."""

from fractions import Fraction

import numpy as np
import torch

from reenactor.media.video import VideoFrame
from reenactor.pipeline.lookback import Lookback
from reenactor.values import Clip, People, Skeleton

SIZE = (40, 400)


def clip(size: tuple[int, int] = SIZE) -> Clip:
    times = torch.arange(40, dtype=torch.int64)
    return Clip(times, Fraction(1, 20), Fraction(20), size, "clip", "0" * 64)


def people(*lefts: float) -> People:
    """People of 20 x 40 pixels."""
    box = torch.tensor([[x, 0.0, x + 20, 40.0] for x in lefts]).reshape(-1, 4)
    return People(Skeleton.empty(len(lefts)), torch.ones(len(lefts)), box)


def frame(index: int, size: tuple[int, int] = SIZE) -> VideoFrame:
    return VideoFrame(index, index, np.zeros((*size, 3), np.uint8))


class Follower:
    """Finds somebody who walks 4 pixels a frame and is at 100 in frame 20, once asked near them."""

    def __init__(self, appears: int = 0) -> None:
        self.asked: list[int] = []
        self.appears = appears

    def __call__(self, frame: VideoFrame, near: People) -> People:
        self.asked.append(frame.index)
        x = 100.0 + 4 * (frame.index - 20)
        close = abs(float(near.box[0, 0]) - x) < 10
        return people(x) if frame.index >= self.appears and close else People.nobody()


def test_who_is_found_late_is_followed_back_as_far_as_they_are_seen() -> None:
    follower = Follower(appears=12)
    lookback = Lookback(follower, clip())
    for t in range(20):
        assert lookback.add(frame(t), people(300)) == []
    more = lookback.add(frame(20), people(300, 100))
    assert [one.index for one, _ in more] == list(range(19, 11, -1))
    assert [float(who.box[0, 0]) for _, who in more] == [100.0 - 4 * k for k in range(1, 9)]


def test_nobody_is_looked_for_whom_the_frame_before_has() -> None:
    follower = Follower()
    lookback = Lookback(follower, clip())
    for t in range(20):
        assert lookback.add(frame(t), people(100 + 2 * t, 300)) == []
    assert follower.asked == []


def test_nobody_is_followed_beyond_a_cut_or_into_somebody_already_found() -> None:
    follower = Follower()
    lookback = Lookback(follower, clip())
    for t in range(20):
        if t == 17:
            lookback.cut()
        lookback.add(frame(t), people(300))
    assert len(lookback.add(frame(20), people(300, 100))) == 3
    lookback = Lookback(Follower(), clip())
    lookback.add(frame(18), people(92))
    lookback.add(frame(19), people(300))
    assert len(lookback.add(frame(20), people(100))) == 1


def test_the_frames_kept_are_bounded() -> None:
    follower = Follower()
    lookback = Lookback(follower, clip())
    for t in range(20):
        lookback.add(frame(t), People.nobody())
    assert len(lookback.add(frame(20), people(100))) == 15  # three quarters of a second
    large = clip((4320, 7680))
    lookback = Lookback(follower, large)
    for t in range(17, 20):
        lookback.add(frame(t), People.nobody())
    assert len(lookback.add(frame(20), people(100))) == 1  # 100 MB a frame
