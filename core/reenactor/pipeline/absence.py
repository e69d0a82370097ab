"""What is said, before anything is rendered, of the seconds in which the dancer is not followed."""

from collections.abc import Callable, Sequence

import numpy as np

from reenactor.errors import NoPersonError
from reenactor.pipeline.driver import Driver

FEWEST = 0.05
"""A dancer who is followed in a smaller share of the frames than this is not worth a video."""
MOST = 5
"""So many spans of time are named."""
ADVICE = (
    "`reenactor analyze` shows who was found; another --subject or driver, or --start and --stop"
)


def require_dancer(
    driver: Driver, indices: Sequence[int], background: bool, note: Callable[[str], None]
) -> None:
    """Say in which of the frames the dancer is missing, and where a real person may be seen.

    Args:
        driver: who dances.
        indices: the frames that are to be rendered.
        background: whether the driver's own pictures stand behind the dancer.
        note: is told.

    Raises:
        NoPersonError: (nearly) all of them are without the dancer.
    """
    clip, present = driver.motion.clip, driver.motion.present
    absent = [index for index in indices if not bool(present[index])]
    if not absent:
        return
    spans = _spans(driver, absent)
    followed = len(indices) - len(absent)
    if followed < FEWEST * len(indices):
        there = np.flatnonzero(present.numpy()).tolist()
        raise NoPersonError(
            "the dancer is missing from the video, or from the part that was asked for",
            given=f"{clip.name}: followed in {followed} of {len(indices)} frames",
            expected="a dancer who is seen"
            + (f"; this one is at {_spans(driver, there)}" if there else ""),
            advice=ADVICE,
        )
    most = " most of the video:" if followed < len(indices) / 2 else ""
    note(
        f"the dancer is missing from{most} {len(absent)} of {len(indices)} frames, at {spans}: "
        f"they show the background alone ({ADVICE})"
    )
    removal = driver.removal
    if background and removal is not None:
        real = [i for i in absent if removal.strangers(i) or not removal.covered(i)]
        if real:
            note(
                f"a real person may be seen at {_spans(driver, real)}: somebody else is in the "
                "picture there, or nobody was found who could be removed"
            )


def _spans(driver: Driver, indices: Sequence[int]) -> str:
    """Frames as spans of seconds."""
    clip = driver.motion.clip
    seconds, last = clip.seconds.tolist(), 1 / float(clip.fps)
    runs = np.split(np.array(indices), np.flatnonzero(np.diff(indices) > 1) + 1)
    texts = [f"{seconds[run[0]]:.1f}-{seconds[run[-1]] + last:.1f} s" for run in runs if len(run)]
    more = f" and {len(texts) - MOST} more" if len(texts) > MOST else ""
    return ", ".join(texts[:MOST]) + more
