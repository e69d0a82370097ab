from fractions import Fraction

import pytest

from reenactor.media.timeline import rate_of

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("rate", "unit"),
    [
        (Fraction(25), Fraction(1, 12800)),
        (NTSC, Fraction(1, 30000)),
        (NTSC, Fraction(1, 1000)),
        (NTSC, Fraction(1, 600)),
        (Fraction(24000, 1001), Fraction(1, 90000)),
        (Fraction(60), Fraction(1, 1000)),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_an_even_rate_is_found_exactly_whatever_the_container_rounds(
    rate: Fraction, unit: Fraction, declared: bool
) -> None:
    times = tuple(7 + round(place / (rate * unit)) for place in range(300))
    assert rate_of(times, unit, [rate if declared else None]) == (rate, False)


def test_a_rate_that_the_file_wrongly_declares_is_not_believed() -> None:
    times = tuple(place * 1001 for place in range(300))
    assert rate_of(times, Fraction(1, 30000), [Fraction(60)]) == (NTSC, False)


def test_uneven_frames_have_a_mean_rate() -> None:
    rate, variable = rate_of((0, 20, 50, 55, 100), Fraction(1, 600), [Fraction(30)])
    assert variable
    assert rate == Fraction(4 * 600, 100)


def test_one_frame_has_the_declared_rate() -> None:
    assert rate_of((0,), Fraction(1, 600), [Fraction(12)]) == (Fraction(12), False)
    assert rate_of((0,), Fraction(1, 600), [None]) == (Fraction(25), False)


@pytest.mark.parametrize("seconds", [20, 1000, 3000, 86_400, 10**7])
def test_frames_that_are_hours_apart_have_a_rate_above_0(seconds: int) -> None:
    """Even and uneven ones, whatever the file declares."""
    even, uneven = (0, seconds, 2 * seconds), (0, seconds, seconds + 1, 3 * seconds)
    assert rate_of(even, Fraction(1), [Fraction(25)]) == (Fraction(1, seconds), False)
    rate, variable = rate_of(uneven, Fraction(1), [None])
    assert variable
    assert float(rate) == pytest.approx(1 / seconds, rel=1e-3)
