"""From answers to shares."""

from pathlib import Path

import pytest

from reenactor.study.answers import Answer, Preference
from reenactor.study.load import Study
from reenactor.study.model import StudyFile
from reenactor.study.plan import Step, steps_of
from reenactor.study.tally import tally

NINE = tuple(f"v{i}" for i in range(9))
RIVALS = ("fsv2v", "warp", "spt")


def study(**fields: object) -> Study:
    """A study whose videos nobody opens."""
    methods = {name: Path(name) for name in ("ours", *RIVALS)}
    given = {"version": 1, "methods": methods, "reference": "ours", **fields}
    file = StudyFile.model_validate(given)
    found = {name: {v: Path(v) for v in NINE} for name in methods}
    return Study(Path(), file, found, NINE, {}, {}, frozenset())


def answer(number: int, place: int, step: Step, choice: str, second: int = 0) -> Answer:
    return Answer(
        number, place, step, Preference(choice), f"2024-01-01T00:00:{second:02d}.000+00:00"
    )


def test_the_papers_study() -> None:
    """50 people, nine videos: 150 answers for each other method, whatever they prefer."""
    asked = study()
    wanted = {"fsv2v": 147, "warp": 132, "spt": 122}  # .98, .88 and .81 of Table 1
    given = []
    for number in range(50):
        for place, step in enumerate(steps_of(number, NINE, asked.pairs, asked.file.questions)):
            (rival,) = {step.left, step.right} - {"ours"}
            wanted[rival] -= 1
            prefers_left = (step.left == "ours") is (wanted[rival] >= 0)
            given.append(answer(number, place, step, "left" if prefers_left else "right"))
    made = tally(asked, given)
    (question,) = made.questions
    table = {one.second: one.share for one in made.overall(question)}
    assert {name: share.count for name, share in table.items()} == dict.fromkeys(RIVALS, 150)
    assert table["fsv2v"].value == 0.98
    assert table["warp"].value == 0.88
    assert table["spt"].value == pytest.approx(122 / 150)
    assert (made.began, made.answering, made.finished) == (50, 50, 50)
    by_video = [one for one in made.counted if one.video]
    assert len(by_video) == 27
    assert {one.share.count for one in by_video} <= {16, 17}
    assert made.left.count == 450


def test_sides_do_not_matter_and_undecided_are_apart() -> None:
    steps = [Step("v0", "ours", "warp", "?"), Step("v1", "warp", "ours", "?")]
    given = [answer(0, 0, steps[0], "left"), answer(0, 1, steps[1], "right"),
             answer(1, 0, steps[0], "right"), answer(1, 1, steps[1], "none")]  # fmt: skip
    made = tally(study(questions=["?"]), given)
    share = next(one.share for one in made.overall("?") if one.second == "warp")
    assert (share.chosen, share.count, share.undecided, share.people) == (2, 3, 1, 2)
    assert (made.left.chosen, made.left.count) == (1, 3)
    empty = next(one.share for one in made.overall("?") if one.second == "spt")
    assert empty.value is None


def test_repeated_pairs_tell_of_consistency_alone() -> None:
    shown = [Step(video, "ours", "warp", "?") for video in ("v0", "v1")]
    steps = [*shown, *(Step(one.video, "warp", "ours", "?", True) for one in shown)]
    choices = ("left", "left", "right", "left")  # the first alike, the second not
    given = [answer(0, i, s, c) for i, (s, c) in enumerate(zip(steps, choices, strict=True))]
    made = tally(study(questions=["?"]), given)
    assert made.alike is not None
    assert (made.alike.chosen, made.alike.count) == (1, 2)
    assert made.overall("?")[1].share.count == 2


def test_those_who_stopped_can_be_left_out() -> None:
    steps = [Step("v0", "ours", "spt", "?"), Step("v1", "ours", "spt", "?")]
    given = [answer(0, 0, steps[0], "left"), Answer(0, 1, steps[1], None, ""),
             answer(1, 0, steps[0], "right"), answer(1, 1, steps[1], "right")]  # fmt: skip
    asked = study(questions=["?"])
    everybody, finished = tally(asked, given), tally(asked, given, only_finished=True)
    assert (everybody.began, everybody.answering, everybody.finished) == (2, 2, 1)
    assert (finished.began, finished.answering, finished.finished) == (2, 1, 1)
    assert everybody.overall("?")[2].share.count == 3
    assert finished.overall("?")[2].share.count == 2


def test_the_pace() -> None:
    steps = [Step(f"v{i}", "ours", "spt", "?") for i in range(4)]
    seconds = (0, 4, 10, 30)  # gaps of 4, 6 and 20
    given = [
        answer(0, i, s, "left", t) for i, (s, t) in enumerate(zip(steps, seconds, strict=True))
    ]
    assert tally(study(questions=["?"]), given).pace == 6
    assert tally(study(), []).pace is None
