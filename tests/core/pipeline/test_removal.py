"""Holes of a driver's frames where the dancer is not followed."""

from fractions import Fraction

import numpy as np
import torch

from reenactor.joints import Joint
from reenactor.pipeline.dancer import extract_motion, track_people
from reenactor.pipeline.removal import Removal, plan_removal
from reenactor.values import Clip, Crowd, Skeleton

RED, BLUE = 10, 40
"""Bins of a histogram."""


def removal(*people: dict[int, tuple[float, int]], cuts: tuple[int, ...] = ()) -> Removal:
    """Of people of 100 pixels, by what `frame: (x, colour)` says of each, 25 frames a second; the
    first is the dancer. They are columns 20 wide, without silhouettes."""
    seen = sorted((t, n, x, look) for n, one in enumerate(people) for t, (x, look) in one.items())
    count = len(seen)
    skeleton = Skeleton.empty(count)
    look = torch.zeros(count, 2, 75, dtype=torch.uint8)
    for m, (_, _, x, colour) in enumerate(seen):
        for joint, y in ((Joint.NECK, 65), (Joint.MID_HIP, 95), (Joint.L_HIP, 95),
                         (Joint.L_KNEE, 120), (Joint.L_ANKLE, 145)):  # fmt: skip
            skeleton.body[m, joint] = torch.tensor([x, y, 1.0])
        look[m, :, colour] = 255
    length = max(t for t, *_ in seen) + 1
    times = torch.arange(length, dtype=torch.int64)
    crowd = Crowd(
        clip=Clip(times, Fraction(1, 25), Fraction(25), (200, 400), "c", "0" * 64, cuts),
        frame=torch.tensor([t for t, *_ in seen]),
        skeleton=skeleton,
        score=torch.ones(count),
        box=torch.tensor([[x - 10, 50.0, x + 10, 150.0] for _, _, x, _ in seen]),
        mask=torch.zeros(count, 0, 0, dtype=torch.uint8),
        mask_box=torch.zeros(count, 4),
        appearance=look,
    )
    tracked = track_people(crowd)
    dancer = int(tracked.person[[n for _, n, _, _ in seen].index(0)])
    return plan_removal(
        crowd, tracked, dancer, extract_motion(crowd, tracked, dancer, smooth=False)
    )


def columns(mask: np.ndarray) -> list[int]:
    """The x of what is removed at the hips' height."""
    return np.flatnonzero(mask[95]).tolist()


def test_the_way_between_two_finds_is_removed_and_nothing_else() -> None:
    path = {t: (50.0 + 2 * t, RED) for t in range(80) if not 20 <= t < 60}
    one = removal(path)
    assert not one.motion.present[40]
    for t in (10, 25, 40, 55, 70):
        there = columns(one.hole(t))
        assert abs(np.mean(there) - (50 + 2 * t)) < 2
        assert len(there) < 40


def test_a_place_is_kept_for_a_second_after_the_last_find_and_not_across_a_cut() -> None:
    other = dict.fromkeys(range(120), (350.0, BLUE))
    one = removal(dict.fromkeys(range(20), (100.0, RED)), other)
    assert abs(np.mean(columns(one.hole(30))) - 100) < 2
    assert one.is_covered(44)
    assert not one.is_covered(45)
    assert columns(one.hole(60)) == []
    cut = removal(dict.fromkeys(range(20), (100.0, RED)), other, cuts=(20,))
    assert columns(cut.hole(30)) == []


def test_somebody_in_front_of_the_hidden_dancer_stays() -> None:
    dancer = {t: (100.0, RED) for t in range(80) if not 20 <= t < 60}
    front = {t: (112.0 if 20 <= t < 60 else 250.0, BLUE) for t in range(80)}
    one = removal(dancer, front)
    assert one.has_others(40)
    there = columns(one.hole(40))
    assert there
    assert 114 not in there  # inside the one in front
    assert min(there) < 92  # and what is seen of the hidden one, generously


def test_who_may_be_the_dancer_is_removed_and_who_is_somebody_else_stays() -> None:
    """Too far away, too soon, for the same person; but in the same colours and never met."""
    dancer = dict.fromkeys(range(20), (30.0, RED))
    lookalike = removal(dancer, dict.fromkeys(range(20, 60), (370.0, RED)))
    assert not lookalike.motion.present[40]
    assert abs(np.mean([x for x in columns(lookalike.hole(40)) if x > 200]) - 370) < 2
    assert not lookalike.has_others(40)
    other = removal(dancer, dict.fromkeys(range(20, 60), (370.0, BLUE)))
    assert [x for x in columns(other.hole(40)) if x > 200] == []
    assert other.has_others(40)
