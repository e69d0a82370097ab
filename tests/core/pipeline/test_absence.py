"""A dancer who goes, is hidden, missed or seen in another shot: followed, removed, or told of."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.errors import NoPersonError
from reenactor.pipeline.run import render_video
from reenactor.progress import Silent
from reenactor.values import Frames, People

WALL = (40, 160, 60)
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(*people: tuple[int, tuple[int, int, int]], wall: Sequence[int] = WALL) -> Any:
    """A wall with columns, 20 wide, at some x, the last in front; red ones are 60 high, others
    50, so that the dancer is the largest."""
    out = np.full((120, 160, 3), wall, np.uint8)
    for x, colour in people:
        out[40 if colour == RED else 50 : 100, max(x, 0) : max(x + 20, 0)] = colour
    return out


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def red(frame: np.ndarray) -> int:
    """Pixels of the real dancer."""
    return int(((frame[..., 0] > 150) & (frame[..., 1] < 100) & (frame[..., 2] < 100)).sum())


def yellow(frame: np.ndarray) -> float:
    """Where the rendered dancer's middle is; NaN where there is none."""
    there = (frame[..., 0] > 180) & (frame[..., 1] > 180) & (frame[..., 2] < 90)
    return float(np.argwhere(there)[:, 1].mean()) if there.sum() > 20 else float("nan")


class Listener(Silent):
    """Writes down what is said and which stages begin."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Callable[[int], None]]:
        self.heard.append(f"[{name}]")
        yield lambda _: None

    def note(self, text: str) -> None:
        self.heard.append(text)

    def before_rendering(self) -> str:
        return "\n".join(self.heard[: self.heard.index("[rendering]")])


def made(
    stage: Any, make_film: Callable[..., Path], pictures: list[np.ndarray], **changes: object
) -> Any:
    driver = make_film(stage.folder / "case.mp4", pictures)
    listener = Listener()
    report = render_video(stage.request(driver=driver, **changes), stage.components, listener)
    return decoded(stage.folder / "out.mp4"), report, listener


def test_a_passer_by_in_front_does_not_take_the_dancers_track(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    pictures = [picture((70, RED), (-20 + 2 * t, BLUE)) for t in range(80)]
    frames, report, _ = made(stage, make_film, pictures)
    # The passer-by's path is from -20 to 138; the two touch in frames 35 to 55.
    for t in [*range(5, 30), *range(62, 80)]:
        assert abs(yellow(frames[t]) - 79.5) < 3, t
        assert red(frames[t]) == 0, t
    assert not set(report.absent) & ({*range(30)} | {*range(62, 80)})


def test_two_who_change_sides_stay_themselves(stage: Any, make_film: Callable[..., Path]) -> None:
    pictures = [picture((10 + t, RED), (130 - t, BLUE)) for t in range(120)]
    wanted = {"subject": {"box": [10, 40, 30, 100]}}  # the red one's, at first
    frames, _, _ = made(stage, make_film, pictures, motion=wanted)
    for t in [*range(40), *range(80, 120)]:
        assert abs(yellow(frames[t]) - (19.5 + t)) < 4, t


def test_who_comes_back_after_two_seconds_is_the_same_dancer(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    there = [picture((100, RED), (10, BLUE))] * 40
    pictures = [*there, *[picture((10, BLUE))] * 60, *[picture((60, RED), (10, BLUE))] * 40]
    wanted = {"subject": {"box": [100, 40, 120, 100]}}
    frames, report, listener = made(stage, make_film, pictures, motion=wanted)
    assert report.people == 2
    assert {i for i in range(140) if i not in report.absent} == {*range(40), *range(100, 140)}
    assert max(red(frame) for frame in frames) == 0
    # Sixty frames from the fortieth on, at 29.97 frames a second.
    assert "60 of 140 frames, at 1.3-3.3 s" in listener.before_rendering()


def test_a_dancer_in_the_next_shot_is_followed_there_at_once(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    other = (150, 160, 170)
    pictures = [picture((20, RED))] * 30 + [picture((110, RED), wall=other)] * 30
    frames, report, _ = made(stage, make_film, pictures)
    assert report.absent == ()
    assert report.people == 1
    for t in range(60):
        assert abs(yellow(frames[t]) - (29.5 if t < 30 else 119.5)) < 2, t


def test_somebody_else_in_another_shot_is_not_the_dancer_and_is_told_of(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    pictures = [
        *[picture((20, RED))] * 40,
        *[picture((20, BLUE), wall=(150, 160, 170))] * 30,
        *[picture((20, RED))] * 40,
    ]
    frames, report, listener = made(stage, make_film, pictures)
    assert set(report.absent) == set(range(40, 70))
    assert np.isnan(yellow(frames[50]))
    assert "a real person may be visible at 1.3-2.3 s" in listener.before_rendering()


def test_a_dancer_whom_the_estimator_misses_for_a_second_is_removed_nevertheless(
    stage: Any, make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found at both ends of the gap, so that the way between them is known."""
    find = type(stage.components.estimator).estimate

    def blinded(self: Any, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        found = find(self, frames, before)
        lost = range(30, 62)
        pairs = zip(frames.index, found, strict=True)
        return tuple(People.nobody() if i in lost else one for i, one in pairs)

    monkeypatch.setattr(type(stage.components.estimator), "estimate", blinded)
    pictures = [picture((20 + t, RED)) for t in range(90)]
    frames, report, listener = made(stage, make_film, pictures)
    assert set(report.absent) == set(range(30, 62))
    assert max(red(frame) for frame in frames) == 0
    assert "32 of 90 frames" in listener.before_rendering()


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_a_dancer_who_is_missing_from_most_frames_is_told_of_before_rendering(
    stage: Any, make_film: Callable[..., Path], colour: tuple[int, int, int]
) -> None:
    pictures = [picture()] * 70 + [picture((60, colour))] * 20
    _, report, listener = made(stage, make_film, pictures)
    assert len(report.absent) == 70
    told = listener.before_rendering()
    assert "most of the video" in told
    assert "0.0-2.3 s" in told
    assert "--subject" in told
    # A second before the dancer is found, their place is emptied; before that nothing is known.
    assert "a real person may be visible at 0.0-1.3 s" in told


def test_a_dancer_who_is_hardly_there_is_an_error(
    stage: Any, make_film: Callable[..., Path]
) -> None:
    driver = make_film(stage.folder / "case.mp4", [picture()] * 97 + [picture((60, RED))] * 3)
    with pytest.raises(NoPersonError, match="3 of 100 frames") as caught:
        render_video(stage.request(driver=driver), stage.components, Silent())
    assert "3.2-3.3 s" in str(caught.value)
    assert not (stage.folder / "out.mp4").exists()
    request = stage.request(driver=driver, start=3.2)
    assert render_video(request, stage.components, Silent()).frames == 4
