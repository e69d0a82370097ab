"""Choosing the dancer and making a whole motion of what was found of him."""

from dataclasses import replace
from fractions import Fraction

import pytest
import torch

from reenactor.errors import NoPersonError
from reenactor.ops.silhouette import body_height
from reenactor.pipeline.dancer import choose_dancer, extract_motion, track_people
from reenactor.spec.motion import ByBox, ByIndex, ByPoint, Largest
from reenactor.values import Clip, Crowd, Skeleton

FPS = 30


def clip(length: int) -> Clip:
    times = torch.arange(length, dtype=torch.int64)
    return Clip(times, Fraction(1, FPS), Fraction(FPS), (480, 640), "clip", "0" * 64)


def crowd(*people: dict[int, float], sizes: tuple[float, ...] = (200.0, 100.0)) -> Crowd:
    """People by what `frame: x` says of each; the first is 200 px tall, the second 100."""
    found = sorted((frame, n, x) for n, one in enumerate(people) for frame, x in one.items())
    count = len(found)
    box = torch.tensor([[x, 10.0, x + sizes[n] / 2, 10.0 + sizes[n]] for _, n, x in found])
    grid = torch.linspace(0, 1, 25)
    size = torch.tensor([sizes[n] for _, n, _ in found])
    body = torch.stack(
        [
            box[:, :1] + grid * size[:, None] / 2,
            box[:, 1:2] + grid * size[:, None],
            torch.ones(count, 25),
        ],
        -1,
    )
    hands = torch.zeros(count, 2, 21, 3)
    look = torch.zeros(count, 2, 75, dtype=torch.uint8)
    for m, (_, n, _) in enumerate(found):
        look[m, :, 30 * n] = 255  # each in colours of their own
    return Crowd(
        clip=clip(max(frame for frame, _, _ in found) + 1),
        frame=torch.tensor([frame for frame, _, _ in found]),
        skeleton=Skeleton(body, hands, torch.zeros(count, 70, 3)),
        score=torch.ones(count),
        box=box,
        mask=torch.zeros(count, 0, 0, dtype=torch.uint8),
        mask_box=torch.zeros(count, 4),
        appearance=look,
    )


def test_the_largest_is_chosen_and_the_others_can_be() -> None:
    two = crowd(dict.fromkeys(range(10), 0.0), dict.fromkeys(range(10), 400.0))
    tracked = track_people(two)
    large = choose_dancer(two, tracked, Largest())
    assert two.box[tracked.person == large, 0].max() == 0
    small = choose_dancer(two, tracked, ByIndex(index=1))
    assert small != large
    assert choose_dancer(two, tracked, ByPoint(point=(410.0, 60.0))) == small
    assert choose_dancer(two, tracked, ByBox(box=(400.0, 10.0, 450.0, 110.0))) == small


@pytest.mark.parametrize(
    "subject", [ByIndex(index=2), ByPoint(point=(600.0, 400.0)), ByBox(box=(600.0, 400, 640, 480))]
)
def test_a_dancer_who_is_not_there_is_an_error_that_says_who_is(subject: ByIndex) -> None:
    two = crowd(dict.fromkeys(range(10), 0.0), dict.fromkeys(range(10), 400.0))
    with pytest.raises(NoPersonError, match="one of 2 people"):
        choose_dancer(two, track_people(two), subject)


def test_an_empty_video_is_an_error() -> None:
    one = crowd({0: 0.0})
    nobody = Crowd(
        one.clip,
        one.frame[:0],
        Skeleton.empty(0),
        one.score[:0],
        one.box[:0],
        one.mask[:0],
        one.mask_box[:0],
        one.appearance[:0],
    )
    with pytest.raises(NoPersonError, match="nobody"):
        choose_dancer(nobody, track_people(nobody), Largest())


def test_short_gaps_are_bridged_on_the_line_and_long_ones_left_empty() -> None:
    seen = {t: 2.0 * t for t in range(60) if t not in (5, 6) and not 20 <= t < 40}
    one = crowd(seen)
    tracked = track_people(one)
    motion = extract_motion(one, tracked, choose_dancer(one, tracked, Largest()), smooth=False)
    assert len(motion) == 60
    assert motion.present.tolist() == [not 20 <= t < 40 for t in range(60)]
    torch.testing.assert_close(motion.skeleton.body[5, 0, 0], torch.tensor(10.0))
    assert (motion.skeleton.body[20:40, :, 2] == 0).all()
    assert (motion.skeleton.body[5, :, 2] > 0).all()


def test_nothing_is_bridged_or_smoothed_across_a_cut() -> None:
    one = crowd({t: 50.0 if t < 30 else 350.0 for t in range(60) if t not in (28, 29)})
    one = replace(one, clip=replace(one.clip, cuts=(30,)))
    tracked = track_people(one)
    motion = extract_motion(one, tracked, choose_dancer(one, tracked, Largest()), smooth=True)
    assert motion.present.tolist() == [t not in (28, 29) for t in range(60)]
    x = motion.skeleton.body[:, 0, 0]
    torch.testing.assert_close(x[:28], torch.full((28,), 50.0))
    torch.testing.assert_close(x[30:], torch.full((30,), 350.0))


def test_a_shot_without_the_dancer_is_empty() -> None:
    one = crowd(dict.fromkeys([*range(30), *range(60, 90)], 50.0))
    one = replace(one, clip=replace(one.clip, cuts=(30, 60)))
    tracked = track_people(one)
    assert len(tracked.order) == 1
    motion = extract_motion(one, tracked, tracked.order[0], smooth=True)
    assert motion.present.tolist() == [not 30 <= t < 60 for t in range(90)]
    assert torch.isfinite(motion.skeleton.body).all()
    assert len(motion.mask) == len(motion.mask_box) == 90


def test_smoothing_keeps_confidence_and_what_is_not_known() -> None:
    one = crowd({t: 50.0 + (-1.0) ** t for t in range(30)})  # one pixel of tremble
    one.skeleton.body[:, 4, 2] = 0.0  # a wrist that is never seen
    one.skeleton.hands[10:15, 0] = torch.tensor([90.0, 90.0, 0.8])  # a hand seen for a moment
    tracked = track_people(one)
    motion = extract_motion(one, tracked, choose_dancer(one, tracked, Largest()), smooth=True)
    x = motion.skeleton.body[5:25, 0, 0]
    assert x.std() < 0.5
    assert (motion.skeleton.body[:, 4, 2] == 0).all()
    assert (motion.skeleton.hands[10:15, 0, :, 2] == 0.8).all()
    assert (motion.skeleton.hands[:10, 0, :, 2] == 0).all()
    torch.testing.assert_close(motion.skeleton.hands[12, 0, 0, :2], torch.tensor([90.0, 90.0]))


def leap(by: float) -> float:
    """What is left of a joint's leap of some body heights, in one frame of a dancer at rest."""
    one = crowd(dict.fromkeys(range(30), 50.0))
    height = body_height(one.skeleton[:1])
    before = float(one.skeleton.body[0, 4, 0])
    one.skeleton.body[15, 4, 0] += by * height
    tracked = track_people(one)
    motion = extract_motion(one, tracked, choose_dancer(one, tracked, Largest()), smooth=True)
    return abs(float(motion.skeleton.body[15, 4, 0]) - before) / height


def test_a_leap_of_one_frame_is_taken_back_and_a_tremble_is_only_smoothed() -> None:
    """What leaves its neighbours by more than 0.03 body heights for one frame is a mistake."""
    for by in (0.04, 0.1, 0.25):
        assert leap(by) < 0.001
    assert leap(0.025) > 0.005
