"""Tracks of people who walk, cross, vanish and come back; drawn by hand."""

import numpy as np
import torch

from reenactor.ops.tracking import (
    by_importance,
    detections,
    link,
    nearest_to_box,
    nearest_to_point,
)


def person(x: float, y: float = 100.0, size: float = 100.0) -> tuple[torch.Tensor, torch.Tensor]:
    """A box of that height whose top left corner is (x, y), and key points spread over it."""
    box = torch.tensor([x, y, x + size / 2, y + size])
    grid = torch.linspace(0, 1, 25)
    body = torch.stack([x + grid * size / 2, y + grid * size, torch.ones(25)], 1)
    return box, body


def crowd(
    *frames: list[tuple[torch.Tensor, torch.Tensor]],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Frame numbers, boxes and key points of detections, frame by frame."""
    numbers = [i for i, people in enumerate(frames) for _ in people]
    boxes = [box for people in frames for box, _ in people]
    bodies = [body for people in frames for _, body in people]
    return torch.tensor(numbers, dtype=torch.int64), torch.stack(boxes), torch.stack(bodies)


def tracks(
    number: torch.Tensor, box: torch.Tensor, body: torch.Tensor, patience: int
) -> np.ndarray:
    """Tracks of people whose colours are not seen."""
    look = torch.zeros(len(number), 2, 75, dtype=torch.uint8)
    return link(detections(number, box, body, look), patience)


def test_two_people_keep_their_tracks_whatever_their_order_in_a_frame() -> None:
    frames = [
        [person(0 + 5 * t), person(300 - 5 * t)][:: 1 if t % 2 else -1]  # order alternates
        for t in range(10)
    ]
    number, box, body = crowd(*frames)
    track = tracks(number, box, body, patience=5)
    first = {int(track[m]) for m in range(20) if box[m, 0] < 100}
    second = {int(track[m]) for m in range(20) if box[m, 0] > 200}
    assert len(first) == len(second) == 1
    assert first != second


def test_a_short_absence_is_bridged_and_a_long_one_is_not() -> None:
    frames = [[person(0)]] * 3 + [[]] * 4 + [[person(2)]] * 3
    number, box, body = crowd(*frames)
    assert len(set(tracks(number, box, body, patience=6).tolist())) == 1
    assert len(set(tracks(number, box, body, patience=3).tolist())) == 2


def test_a_bystander_who_appears_elsewhere_is_somebody_else() -> None:
    number, box, body = crowd([person(0)], [person(0)], [person(400)])
    assert tracks(number, box, body, patience=5).tolist() == [0, 0, 1]


def test_the_largest_over_the_whole_clip_comes_first() -> None:
    # One frame of a giant does not outweigh ten frames of the dancer.
    frames = [[person(0, size=100)] for _ in range(10)]
    frames[4] = [person(0, size=100), person(500, size=400)]
    number, box, body = crowd(*frames)
    track = tracks(number, box, body, patience=3)
    assert by_importance(track, number.numpy(), box, torch.ones(len(track)), 800, 3) == [0, 1]


def test_who_crosses_in_front_of_the_dancer_is_less_important() -> None:
    # Larger by 5 percent, from side to side, and the dancer is hidden for a quarter of the time.
    frames = [[person(x, size=105), person(380)] for x in range(0, 800, 40)]
    frames[8:13] = [people[:1] for people in frames[8:13]]
    number, box, _ = crowd(*frames)
    who = np.array([one for people in frames for one in range(len(people))])
    sure = torch.ones(len(who))
    assert by_importance(who, number.numpy(), box, sure, 800, 6) == [1, 0]
    larger = torch.where(torch.from_numpy(who == 0)[:, None], box * torch.tensor([1, 1, 1, 2]), box)
    assert by_importance(who, number.numpy(), larger, sure, 800, 6) == [0, 1]


def test_choosing_by_point_and_by_box() -> None:
    number, box, body = crowd([person(0), person(300)], [person(0), person(300)])
    track = tracks(number, box, body, patience=3)
    order = [0, 1]
    assert nearest_to_point(order, track, box, 310.0, 150.0) == track[1]
    assert nearest_to_point(order, track, box, 200.0, 150.0) is None
    assert nearest_to_box(order, track, box, (290.0, 90.0, 360.0, 210.0)) == track[1]
    assert nearest_to_box(order, track, box, (600.0, 600.0, 700.0, 700.0)) is None
