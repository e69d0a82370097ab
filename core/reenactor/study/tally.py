"""Counts the answers of a study per pair of methods, over all videos and for each video."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from reenactor.study.answers import Answer, Preference
from reenactor.study.load import Study
from reenactor.study.plan import Pair
from reenactor.study.proportions import Proportion, proportion_of


@dataclass(frozen=True)
class Counted:
    """How often `first` was preferred to `second`; `video` is empty for all videos together."""

    question: str
    first: str
    second: str
    video: str
    share: Proportion


@dataclass(frozen=True)
class Tally:
    """The results of a study.

    `left` is the proportion of answers for the left side: one half, if sides do not matter.
    `alike` is the proportion of repeated pairs with the same answer (None without repeated pairs).
    `pace` is the median time between two answers in seconds.
    """

    title: str
    reference: str | None
    methods: tuple[str, ...]
    counted: tuple[Counted, ...]
    began: int
    answering: int
    finished: int
    only_finished: bool
    left: Proportion
    alike: Proportion | None
    pace: float | None

    def overall(self, question: str) -> list[Counted]:
        """The pairs of methods over all videos."""
        return [one for one in self.counted if one.question == question and not one.video]

    @property
    def questions(self) -> list[str]:
        """In the order in which they were asked."""
        return list(dict.fromkeys(one.question for one in self.counted))


def tally(study: Study, steps: Sequence[Answer], only_finished: bool = False) -> Tally:
    """Count the answers.

    Repeated pairs count for consistency only. `only_finished` excludes participants who did not
    finish.
    """
    people: dict[int, list[Answer]] = defaultdict(list)
    for one in steps:
        people[one.number].append(one)
    done = {n for n, own in people.items() if all(one.choice is not None for one in own)}
    given = [
        one for one in steps if one.choice is not None and (not only_finished or one.number in done)
    ]
    first = [one for one in given if not one.step.again]
    counted = [
        Counted(question, *pair, video, _share(among, pair[0]))
        for question in dict.fromkeys([*study.file.questions, *(a.step.question for a in first)])
        for pair in study.pairs
        for video in ("", *study.videos)
        for among in [[a for a in first if _is_of(a, question, pair, video)]]
        if among or not video
    ]
    return Tally(
        study.file.title,
        study.file.reference,
        tuple(study.methods),
        tuple(counted),
        len(people),
        len({one.number for one in given}),
        len(done),
        only_finished,
        _shared(given, lambda one: one.choice is Preference.LEFT),
        _alike(given),
        _pace(given),
    )


def _is_of(answer: Answer, question: str, pair: Pair, video: str) -> bool:
    step = answer.step
    return (
        step.question == question
        and {step.left, step.right} == set(pair)
        and video in ("", step.video)
    )


def _share(answers: Sequence[Answer], method: str) -> Proportion:
    return _shared(answers, lambda one: one.preferred == method)


def _shared(answers: Iterable[Answer], is_chosen: Callable[[Answer], bool]) -> Proportion:
    """A proportion of the answers that have a preference."""
    people: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    undecided = 0
    for one in answers:
        if one.choice is Preference.NONE:
            undecided += 1
            continue
        people[one.number][0] += is_chosen(one)
        people[one.number][1] += 1
    return proportion_of([(chosen, count) for chosen, count in people.values()], undecided)


def _alike(given: Sequence[Answer]) -> Proportion | None:
    """How often a repeated pair got the same answer, including no preference."""

    def asked(one: Answer) -> tuple[int, str, str, frozenset[str]]:
        step = one.step
        return one.number, step.question, step.video, frozenset((step.left, step.right))

    before = {asked(one): one.preferred for one in given if not one.step.again}
    people: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in given:
        if one.step.again and asked(one) in before:
            people[one.number][0] += one.preferred == before[asked(one)]
            people[one.number][1] += 1
    if not people:
        return None
    return proportion_of([(alike, count) for alike, count in people.values()])


def _pace(given: Sequence[Answer]) -> float | None:
    times: dict[int, list[float]] = defaultdict(list)
    for one in given:
        times[one.number].append(datetime.fromisoformat(one.answered).timestamp())
    gaps = [b - a for own in times.values() for a, b in pairwise(own)]
    return median(gaps) if gaps else None
