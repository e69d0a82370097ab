import pytest
from pydantic import ValidationError

from reenactor.spec.motion import ByBox, ByIndex, ByPoint, Largest, MotionSpec


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("largest", Largest()),
        (2, ByIndex(index=2)),
        ({"index": 0}, ByIndex(index=0)),
        ({"box": [1, 2, 3.5, 4]}, ByBox(box=(1, 2, 3.5, 4))),
        ({"point": [5, 6]}, ByPoint(point=(5, 6))),
    ],
)
def test_subjects(given: object, expected: object) -> None:
    assert MotionSpec.model_validate({"subject": given}).subject == expected


@pytest.mark.parametrize(
    "given",
    [
        "smallest",
        -1,
        True,
        {"index": "1"},
        {"box": [0, 0, 0, 5]},
        {"box": [3, 0, 1, 5]},
        {"box": [0, 0, 1]},
        {"point": [float("nan"), 1]},
        {"point": [1, 2], "box": [0, 0, 1, 1]},
        {},
        None,
    ],
)
def test_what_is_no_subject(given: object) -> None:
    with pytest.raises(ValidationError):
        MotionSpec.model_validate({"subject": given})


def test_two_subjects_at_once_are_told() -> None:
    with pytest.raises(ValidationError, match="2 forms at once"):
        MotionSpec.model_validate({"subject": {"index": 1, "point": [1, 2]}})
