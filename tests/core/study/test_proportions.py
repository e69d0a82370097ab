"""Shares and their intervals against closed forms, and against scipy where it is installed."""

import math
from statistics import NormalDist

import pytest

from reenactor.study.proportions import bootstrapped, proportion_of, wilson


def test_wilson_is_the_score_test_turned_round() -> None:
    """At the bounds the z test of that share gives exactly the level (here 1.96 squared)."""
    z = NormalDist().inv_cdf(0.975)
    for chosen, count in ((1, 10), (5, 10), (147, 150), (122, 150)):
        for bound in wilson(chosen, count):
            gap = chosen / count - bound
            assert gap**2 / (bound * (1 - bound) / count) == pytest.approx(z * z)


def test_wilson_at_the_ends() -> None:
    z2 = NormalDist().inv_cdf(0.975) ** 2
    (low, high), (other_low, other_high) = wilson(0, 7), wilson(7, 7)
    assert (low, other_high) == (0.0, 1.0)
    assert high == pytest.approx(z2 / (7 + z2))
    assert other_low == pytest.approx(7 / (7 + z2))


@pytest.mark.parametrize(("chosen", "count"), [(0, 3), (2, 3), (9, 31), (147, 150), (1, 1)])
def test_wilson_is_scipys(chosen: int, count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    told = stats.binomtest(chosen, count).proportion_ci(0.95, method="wilson")
    assert list(wilson(chosen, count)) == pytest.approx([told.low, told.high], abs=1e-12)


def test_the_bootstrap_of_single_answers_is_binomial() -> None:
    """With one answer each, the sum of a draw is binomial: its mean ± 1.96 deviations."""
    people = [(1, 1)] * 120 + [(0, 1)] * 80
    low, high = bootstrapped(people, draws=20_000)
    reach = 1.96 * math.sqrt(0.6 * 0.4 / 200)
    assert low == pytest.approx(0.6 - reach, abs=0.006)
    assert high == pytest.approx(0.6 + reach, abs=0.006)


def test_the_bootstrap_sees_that_answers_of_one_person_are_alike() -> None:
    """Nine equal answers each tell no more than one: three times as wide as nine people would."""
    alike = [(9, 9)] * 30 + [(0, 9)] * 20
    low, high = bootstrapped(alike, draws=20_000)
    assert high - low == pytest.approx(2 * 1.96 * math.sqrt(0.6 * 0.4 / 50), rel=0.06)
    told = wilson(270, 450)
    assert (high - low) / (told[1] - told[0]) == pytest.approx(3, rel=0.06)


def test_draws_weigh_people_by_their_answers() -> None:
    """A draw's share is the ratio of sums: here (2 + 0) / (2 + 8) between 0 and 1."""
    low, high = bootstrapped([(2, 2), (0, 8)])
    assert (low, high) == (0.0, 1.0)
    assert proportion_of([(2, 2), (0, 8)]).value == pytest.approx(0.2)


def test_without_answers_there_is_no_share() -> None:
    share = proportion_of([(0, 0)], undecided=3)
    assert (share.value, share.wilson, share.by_person) == (None, None, None)
    assert (share.count, share.undecided, share.people) == (0, 3, 0)


def test_one_person_has_no_second_interval() -> None:
    share = proportion_of([(3, 4), (0, 0)])
    assert share.people == 1
    assert share.by_person is None
    assert share.wilson is not None
