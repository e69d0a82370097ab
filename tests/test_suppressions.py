"""Whoever silences a checker says why."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "plugins", "contrib", "tests", "examples", "docs")
SUPPRESSION = re.compile(
    r"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?)"
)


def unexplained(line: str) -> bool:
    """Whether a line silences a checker without giving a reason after it."""
    if SUPPRESSION.search(line) is None:
        return False
    comment = line[line.index("#") :]
    return re.search(r"[a-z]{3}", SUPPRESSION.sub("", comment)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 1", False),
        ("x = f()  # type: ignore", True),
        ("x = f()  # type: ignore[no-any-return]", True),
        ("x = f()  # noqa: S603, S607", True),
        ("x = f()  # noqa: S603  # our own command", False),
        ("x = f()  # noqa: S603 - our own command", False),
        ("x = f()  # type: ignore[misc]  # untyped in torch", False),
        ("x = f()  # type: ignore[misc]  # noqa: S603", True),
    ],
)
def test_what_counts_as_a_reason(line: str, expected: bool) -> None:
    assert unexplained(line) is expected


def test_every_suppression_has_a_reason() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if unexplained(line)
    ]
    assert found == []
