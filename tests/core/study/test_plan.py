"""What participants are dealt: balanced, random, repeatable."""

from collections import Counter
from itertools import combinations

from reenactor.study.plan import steps_of

NINE = [f"v{i}" for i in range(9)]
PAIRS = [("ours", "fsv2v"), ("ours", "warp"), ("ours", "spt")]


def test_the_papers_protocol() -> None:
    """Nine videos, each once, three of them against each other method."""
    for number in range(50):
        steps = steps_of(number, NINE, PAIRS, ["?"])
        assert sorted(step.video for step in steps) == NINE
        rivals = Counter(({step.left, step.right} - {"ours"}).pop() for step in steps)
        assert set(rivals.values()) == {3}
        left = sum(step.left == "ours" for step in steps)
        assert left in (4, 5)


def test_neighbours_share_videos_evenly() -> None:
    """Among three participants, each video comes once with each pair."""
    for block in range(4):
        met = Counter(
            (step.video, frozenset((step.left, step.right)))
            for number in range(3 * block, 3 * block + 3)
            for step in steps_of(number, NINE, PAIRS, ["?"])
        )
        assert len(met) == 27
        assert set(met.values()) == {1}


def test_orders_and_sides_differ_from_person_to_person_and_by_seed() -> None:
    plans = [steps_of(n, NINE, PAIRS, ["?"], seed=s) for n in range(20) for s in (0, 1)]
    assert len({tuple(step.video for step in plan) for plan in plans}) == 40
    first_left = sum(plan[0].left == "ours" for plan in plans)
    assert 8 < first_left < 32
    assert plans[0] == steps_of(0, NINE, PAIRS, ["?"], seed=0)


def test_every_pair_of_every_video() -> None:
    pairs = list(combinations("abc", 2))
    steps = steps_of(5, ["x", "y"], pairs, ["?"], every=True)
    met = Counter((step.video, frozenset((step.left, step.right))) for step in steps)
    assert len(met) == len(steps) == 6


def test_questions_come_one_after_another_with_the_same_sides() -> None:
    steps = steps_of(0, NINE, PAIRS, ["better?", "closer?"])
    assert len(steps) == 18
    for first, second in zip(steps[::2], steps[1::2], strict=True):
        assert (first.question, second.question) == ("better?", "closer?")
        assert (first.video, first.left) == (second.video, second.left)


def test_repeats_come_last_with_sides_exchanged() -> None:
    steps = steps_of(3, NINE, PAIRS, ["?"], repeats=2)
    shown, again = steps[:9], steps[9:]
    assert [step.again for step in steps] == [False] * 9 + [True] * 2
    for step in again:
        before = next(one for one in shown if one.video == step.video)
        assert (step.left, step.right) == (before.right, before.left)
    assert len(steps_of(3, ["v"], PAIRS, ["?"], repeats=9)) == 2
