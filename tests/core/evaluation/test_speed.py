"""The counted operations of a network are those of its layers; nothing here looks at the clock."""

import pytest

from reenactor.api import Setup
from reenactor.evaluation import speed
from reenactor.spec import Spec

SPEC = {
    "version": 1,
    "parser": "taps",
    "pose_estimator": ["blazepose", "mannequin"],
    "body_generator": {"use": "p2b", "size": "tiny", "weights": "random"},
    "frame_renderer": "puppet",
    "output": {"height": 64, "width": 64},
}


def test_operations_are_counted_for_each_precision_and_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speed, "LEAST", 0.0)
    monkeypatch.setattr(speed, "SIDE", 64)
    setup = Setup(device="cpu")
    found = [
        one
        for one in speed.speeds(setup, setup.plan(Spec.model_validate(SPEC)))
        if one.name == "p2b"
    ]
    assert [(one.precision, one.batch) for one in found] == [
        ("float32", 1), ("float32", 8), ("bfloat16", 1), ("bfloat16", 8),
    ]  # fmt: skip
    # Convolutions only: 2 x pixels out x channels in x channels out x kernel. Widths 8, 16, 32.
    wanted = 2 * (
        64 * 64 * 28 * 8 * 49
        + 32 * 32 * 8 * 16 * 9
        + 16 * 16 * 16 * 32 * 9
        + 2 * 16 * 16 * 32 * 32 * 9
        + 16 * 16 * 32 * 16 * 9
        + 32 * 32 * 16 * 8 * 9
        + 64 * 64 * 8 * 22 * 49
    )
    for one in found:
        assert abs(one.operations * 1e9 - wanted) / wanted < 0.02
