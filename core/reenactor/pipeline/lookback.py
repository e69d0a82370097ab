"""Following those who are newly found backwards, to where they were seen but not found yet.

Estimators look for strangers now and then only, and find nobody whom another one half hides.
Who is found at last is followed back through the frames before, which are kept for that.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from reenactor.media.video import VideoFrame
from reenactor.ops.boxes import iou
from reenactor.values import Clip, People

KEPT_SECONDS, KEPT_BYTES = 0.75, 1 << 27
"""Frames are kept for so long, and take no more memory than this."""
SAME = 0.4
"""Boxes that overlap more than this, in one frame or in two that follow each other, are of one
person."""


class Lookback:
    """Remembers the last frames and who was found in them.

    Args:
        estimate: finds everybody in a frame, given those in the frame next to it.
        clip: the video.
    """

    def __init__(self, estimate: Callable[[VideoFrame, People], People], clip: Clip) -> None:
        self._estimate = estimate
        height, width = clip.size
        frames = min(round(KEPT_SECONDS * float(clip.fps)), KEPT_BYTES // (3 * height * width))
        self._kept: deque[tuple[VideoFrame, People]] = deque(maxlen=max(1, frames))

    def cut(self) -> None:
        """Another shot begins: nobody is followed back beyond it."""
        self._kept.clear()

    def seen(self, frame: VideoFrame, people: People) -> list[tuple[VideoFrame, People]]:
        """Take a frame and who is in it; give those who were in the frames before besides.

        What is given holds one person each, the newest frame first.
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
            match = _likest(one, found)
            if match is None or _known(found[match : match + 1], there):
                break
            one = found[match : match + 1]
            path.append((frame, one))
        return path


def _known(one: People, others: People) -> bool:
    return _likest(one, others) is not None


def _likest(one: People, others: People) -> int | None:
    """Whom of the others somebody is, or None."""
    if len(others) == 0:
        return None
    same = iou(one.box.double().numpy(), others.box.double().numpy())[0]
    best = int(np.argmax(same))
    return best if same[best] > SAME else None
