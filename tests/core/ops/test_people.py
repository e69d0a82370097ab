"""Tracks of one person are joined by colours, movement, and who is in one frame with whom."""

from collections.abc import Sequence

import numpy as np
import torch

from reenactor.ops.people import Tracks
from reenactor.ops.tracking import Detections, detections, importance, link

FPS = 25.0
RED, BLUE, PLAIN = 10, 40, None
"""Bins of a histogram, and colours that are not seen."""

Seen = tuple[float, int | None]
"""Where a person of 100 x 50 pixels is, and what they wear."""


def found_in(*frames: Sequence[Seen]) -> Detections:
    """Everybody in frames."""
    everybody = [(t, x, colour) for t, people in enumerate(frames) for x, colour in people]
    grid = torch.linspace(0, 1, 25)
    box = torch.tensor([[x, 100, x + 50, 200] for _, x, _ in everybody])
    body = torch.stack(
        [torch.stack([x + 50 * grid, 100 + 100 * grid, torch.ones(25)], 1) for _, x, _ in everybody]
    )
    look = torch.zeros(len(everybody), 2, 75, dtype=torch.uint8)
    for m, (_, _, colour) in enumerate(everybody):
        if colour is not None:
            look[m, :, colour] = 255
    return detections(torch.tensor([t for t, _, _ in everybody]), box, body, look)


def people_of(found: Detections, cuts: tuple[int, ...] = ()) -> np.ndarray:
    """The person of each detection."""
    track = link(found, patience=round(FPS))
    weight = importance(track, torch.from_numpy(found.box), torch.ones(len(found)))
    return np.asarray(Tracks(found, track, cuts, FPS).joined(weight)[track])


def at(found: Detections, person: np.ndarray, frame: int, x: float) -> int:
    """Who is at a place in a frame."""
    here = np.flatnonzero((found.frame == frame) & (found.box[:, 0] == x))
    assert len(here) == 1
    return int(person[here[0]])


def test_twins_who_cross_are_told_by_their_movement() -> None:
    """One stands at 200, the other walks from 0 to 400; where they touch one of them is found."""
    frames: list[list[Seen]] = []
    for t in range(81):
        walker = 5.0 * t
        hidden = abs(walker - 200) < 40
        frames.append([(walker, RED)] if hidden else [(200.0, RED), (walker, RED)])
    found = found_in(*frames)
    person = people_of(found)
    assert at(found, person, 0, 200.0) == at(found, person, 80, 200.0)
    assert at(found, person, 0, 0.0) == at(found, person, 80, 400.0)
    assert at(found, person, 0, 0.0) != at(found, person, 0, 200.0)


def test_who_turns_back_behind_the_other_is_told_by_colours() -> None:
    """Both come to 200 and go back: movement alone would have them change sides."""
    frames: list[list[Seen]] = []
    for t in range(81):
        apart = 5.0 * abs(t - 40)
        both: list[Seen] = [(200 - apart, RED), (205 + apart, BLUE)]
        frames.append(both if apart > 30 else both[1:])
    found = found_in(*frames)
    person = people_of(found)
    assert at(found, person, 0, 0.0) == at(found, person, 80, 0.0)
    assert at(found, person, 0, 405.0) == at(found, person, 80, 405.0)


def test_somebody_in_other_colours_at_the_dancers_place_is_not_the_dancer() -> None:
    found = found_in(*[[(200.0, RED)]] * 20, *[[(215.0, BLUE)]] * 10, *[[(200.0, RED)]] * 20)
    person = people_of(found)
    assert at(found, person, 0, 200.0) == at(found, person, 49, 200.0)
    assert at(found, person, 25, 215.0) != at(found, person, 0, 200.0)


def test_a_flickering_light_makes_nobody_new() -> None:
    colours = [RED, RED, BLUE, BLUE, RED, BLUE] * 5
    found = found_in(*[[(200.0, colour)] for colour in colours])
    assert len(set(people_of(found).tolist())) == 1


def test_who_comes_back_after_long_is_told_by_colours() -> None:
    gone: list[list[Seen]] = [[(0.0, BLUE)]] * 120
    start: list[list[Seen]] = [[(0.0, BLUE), (200.0, RED)]] * 20
    found = found_in(*start, *gone, *[[(0.0, BLUE), (400.0, RED)]] * 20)
    person = people_of(found)
    assert at(found, person, 0, 200.0) == at(found, person, 159, 400.0)
    assert len(set(person.tolist())) == 2


def test_nobody_is_at_two_places_at_once_nor_jumps_without_a_cut() -> None:
    """Two in the same costume: where one vanishes the other does not become both."""
    before: list[list[Seen]] = [[(100.0, RED), (500.0, RED)]] * 20
    found = found_in(*before, *[[(500.0, RED)]] * 20)
    person = people_of(found)
    assert at(found, person, 39, 500.0) == at(found, person, 0, 500.0)
    jumping = found_in(*[[(100.0, RED)]] * 20, *[[(500.0, RED)]] * 20)
    assert len(set(people_of(jumping).tolist())) == 2
    assert len(set(people_of(jumping, cuts=(20,)).tolist())) == 1


def test_one_person_found_twice_in_a_frame_is_one() -> None:
    frames: list[list[Seen]] = [[(100.0, RED)]] * 20
    found = found_in(*frames, [(100.0, RED), (104.0, RED)], *[[(104.0, RED)]] * 20)
    assert len(set(people_of(found).tolist())) == 1


def test_who_may_be_somebody_is_neither_met_nor_in_other_colours() -> None:
    frames: list[list[Seen]] = [[(100.0, RED), (700.0, PLAIN)]] * 20
    found = found_in(*frames, *[[(500.0, PLAIN)]] * 10, *[[(900.0, BLUE)]] * 10)
    track = link(found, patience=5)
    tracks = Tracks(found, track, (), FPS)
    perhaps = tracks.candidates(np.arange(track.max() + 1), int(track[0]))
    [stranger] = set(track[found.box[:, 0] == 500].tolist())
    assert perhaps == [stranger]
