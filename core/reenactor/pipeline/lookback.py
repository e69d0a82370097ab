"""Tracking newly found people backwards, through frames in which they were missed.

Estimators search the whole frame only now and then, and miss people who are half hidden. Whoever
is found is tracked back through the last frames, which are kept for that.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from reenactor.media.video import VideoFrame
from reenactor.ops.boxes import iou
from reenactor.values import Clip, People

KEPT_SECONDS, KEPT_BYTES = 0.75, 1 << 27
"""How many frames are kept: at most this long, in at most so much memory."""
SAME = 0.4
"""Boxes with a larger IoU, in one frame or in consecutive ones, are of one person."""


class Lookback:
    """Keeps the last frames and the people found in them.

    Args:
        estimate: finds everybody in a frame, given the people of a neighbouring frame.
        clip: the video.
    """

    def __init__(self, estimate: Callable[[VideoFrame, People], People], clip: Clip) -> None:
        self._estimate = estimate
        height, width = clip.size
        frames = min(round(KEPT_SECONDS * float(clip.fps)), KEPT_BYTES // (3 * height * width))
        self._kept: deque[tuple[VideoFrame, People]] = deque(maxlen=max(1, frames))

    def cut(self) -> None:
        """Start a new shot: nobody is tracked back beyond it."""
        self._kept.clear()

    def add(self, frame: VideoFrame, people: People) -> list[tuple[VideoFrame, People]]:
        """Add a frame and its people.

        Returns:
            People who were missed in earlier frames: one person each, the newest frame first.
        """
        more: list[tuple[VideoFrame, People]] = []
        if self._kept:
            for n in range(len(people)):
                if not _known(people[n : n + 1], self._kept[-1][1]):
                    more += self._back(people[n : n + 1])
        self._kept.append((frame, people))
        return more

    def _back(self, one: People) -> list[tuple[VideoFrame, People]]:
        path: list[tuple[VideoFrame, People]] = []
        for frame, there in reversed(self._kept):
            found = self._estimate(frame, one)
            match = _best_match(one, found)
            if match is None or _known(found[match : match + 1], there):
                break
            one = found[match : match + 1]
            path.append((frame, one))
        return path


def _known(one: People, others: People) -> bool:
    return _best_match(one, others) is not None


def _best_match(one: People, others: People) -> int | None:
    """The index of the other box that is of the same person, or None."""
    if len(others) == 0:
        return None
    same = iou(one.box.double().numpy(), others.box.double().numpy())[0]
    best = int(np.argmax(same))
    return best if same[best] > SAME else None
