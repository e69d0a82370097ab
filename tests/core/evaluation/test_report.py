"""Tables: who leads, and how figures are written."""

from dataclasses import replace

import pytest

from reenactor.evaluation.aggregate import Figure
from reenactor.evaluation.measure import Measured
from reenactor.evaluation.report import (
    Evaluation,
    MethodResult,
    VideoResult,
    as_markdown,
    best,
    table,
    written,
)
from reenactor.evaluation.yaw_groups import Group


def evaluation(**figures: dict[str, float]) -> Evaluation:
    methods = {
        name: MethodResult(
            {metric: Figure(value, 10) for metric, value in values.items()},
            {"v": VideoResult(Measured((0,), {}, {}), (), (), ())},
        )
        for name, values in figures.items()
    }
    return Evaluation(methods, {"v": "v"}, ("ssim", "dssim"), {}, (), {})


def test_the_best_goes_by_the_metrics_own_direction() -> None:
    made = evaluation(a={"ssim": 0.7, "dssim": 0.15}, b={"ssim": 0.9, "dssim": 0.05})
    assert best(made, "ssim") == {"b"}
    assert best(made, "dssim") == {"b"}
    lines = table(made, ["ssim", "dssim", "fid"]).splitlines()
    assert lines[0] == "| Method | SSIM ↑ | DSSIM ↓ | FID ↓ |"
    assert lines[3] == "| b | **0.900** | **0.050** | — |"


def test_the_table_by_yaw_has_a_leader_in_each_group() -> None:
    made = evaluation(a={}, b={})
    figures: dict[str, dict[Group, float]] = {
        "a": {"0-30": 0.9, "60-120": 0.5},
        "b": {"0-30": 0.8, "60-120": 0.6},
    }
    methods = {
        name: replace(
            made.methods[name], by_yaw={g: {"ssim": Figure(v, 3)} for g, v in values.items()}
        )
        for name, values in figures.items()
    }
    text = as_markdown(replace(made, methods=methods))
    assert "| Metric | Method | 0-30° | 30-60° | 60-120° | 120-180° |" in text
    ssim = "`ssim[gaussian11,1.5,range1]` ↑"
    assert f"| {ssim} | a | **0.900** | — | 0.500 | — |" in text
    assert f"| {ssim} | b | 0.800 | — | **0.600** | — |" in text
    assert "By the driver's yaw" not in as_markdown(made)


def test_nobody_leads_where_there_is_no_contest() -> None:
    assert best(evaluation(a={"ssim": 0.7}), "ssim") == frozenset()
    assert best(evaluation(a={"ssim": 0.7}, b={"ssim": 0.7}), "ssim") == frozenset()
    assert best(evaluation(a={"ssim": 0.7}, b={}), "ssim") == frozenset()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, "0.123"),
        (0.0, "0.000"),
        (0.00123, "1.23e-03"),
        (83.95, "83.950"),
        (201.82, "201.82"),
    ],
)
def test_written(value: float, text: str) -> None:
    assert written(value) == text
