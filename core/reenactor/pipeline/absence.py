"""Reporting, before rendering, when the dancer is absent."""

from collections.abc import Callable, Sequence

import numpy as np

from reenactor.errors import NoPersonError
from reenactor.pipeline.driver import Driver

MIN_SHARE = 0.05
"""The smallest share of frames with the dancer that is rendered."""
MAX_SPANS = 5
"""Spans of time that a message names."""
ADVICE = (
    "run `reenactor analyze` to see who was found; change --subject, --start, --stop or the driver"
)


def require_dancer(
    driver: Driver, indices: Sequence[int], background: bool, note: Callable[[str], None]
) -> None:
    """Note when the dancer is absent, and when a real person may be visible.

    Args:
        driver: the dancer.
        indices: the frames to render.
        background: whether the driver's frames are the background.
        note: receives the notes.

    Raises:
        NoPersonError: the dancer is absent from (nearly) all of them.
    """
    clip, present = driver.motion.clip, driver.motion.present
    absent = [index for index in indices if not bool(present[index])]
    if not absent:
        return
    spans = _spans(driver, absent)
    followed = len(indices) - len(absent)
    if followed < MIN_SHARE * len(indices):
        there = np.flatnonzero(present.numpy()).tolist()
        raise NoPersonError(
            "the dancer is absent from the video, or from the selected part",
            given=f"{clip.name}: tracked in {followed} of {len(indices)} frames",
            expected="a visible dancer"
            + (f"; this one is visible at {_spans(driver, there)}" if there else ""),
            advice=ADVICE,
        )
    most = " most of the video:" if followed < len(indices) / 2 else ""
    note(
        f"the dancer is absent from{most} {len(absent)} of {len(indices)} frames, at {spans}: "
        f"they show only the background ({ADVICE})"
    )
    removal = driver.removal
    if background and removal is not None:
        real = [i for i in absent if removal.has_others(i) or not removal.is_covered(i)]
        if real:
            note(
                f"a real person may be visible at {_spans(driver, real)}: somebody else is in the "
                "frame, or nobody was found to remove"
            )


def _spans(driver: Driver, indices: Sequence[int]) -> str:
    """Frames as spans of time, in seconds."""
    clip = driver.motion.clip
    seconds, last = clip.seconds.tolist(), 1 / float(clip.fps)
    runs = np.split(np.array(indices), np.flatnonzero(np.diff(indices) > 1) + 1)
    texts = [f"{seconds[run[0]]:.1f}-{seconds[run[-1]] + last:.1f} s" for run in runs if len(run)]
    more = f" and {len(texts) - MAX_SPANS} more" if len(texts) > MAX_SPANS else ""
    return ", ".join(texts[:MAX_SPANS]) + more
