"""Range headers (RFC 9110, 14.1.2)."""

import pytest

from reenactor.study.ranges import UnsatisfiableError, part_of


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", (0, 1000)),
        ("bytes=0-1", (0, 2)),  # what Safari asks first
        ("bytes=500-", (500, 1000)),
        ("bytes=990-2000", (990, 1000)),
        ("bytes=999-999", (999, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
def test_parts(header: str | None, part: tuple[int, int] | None) -> None:
    assert part_of(header, 1000) == part


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=2000-3000", "bytes=-0"])
def test_a_part_behind_the_end(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        part_of(header, 1000)
