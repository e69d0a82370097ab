"""When frames are shown; encoding itself is tested with `make`."""

from fractions import Fraction

from reenactor.study.encode import Clock


def test_without_times_each_frame_takes_a_unit() -> None:
    clock = Clock((), Fraction(1, 25), Fraction(25))
    assert [clock.time(n) for n in range(4)] == [0, 1, 2, 3]


def test_beyond_the_known_times_the_usual_rate_goes_on() -> None:
    clock = Clock((10, 13, 21), Fraction(1, 100), Fraction(20))
    assert [clock.time(n) for n in range(6)] == [10, 13, 21, 26, 31, 36]
