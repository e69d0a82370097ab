"""Tables: who leads, and how figures are written."""

import pytest

from reenactor.evaluation.aggregate import Figure
from reenactor.evaluation.measure import Measured
from reenactor.evaluation.report import Evaluation, MethodResult, VideoResult, best, table, written


def evaluation(**figures: dict[str, float]) -> Evaluation:
    methods = {
        name: MethodResult(
            {metric: Figure(value, 10) for metric, value in values.items()},
            {"v": VideoResult(Measured((0,), {}, {}), (), (), ())},
        )
        for name, values in figures.items()
    }
    return Evaluation(methods, ("ssim", "dssim"), {}, (), {})


def test_the_best_goes_by_the_metrics_own_direction() -> None:
    made = evaluation(a={"ssim": 0.7, "dssim": 0.15}, b={"ssim": 0.9, "dssim": 0.05})
    assert best(made, "ssim") == {"b"}
    assert best(made, "dssim") == {"b"}
    lines = table(made, ["ssim", "dssim", "fid"]).splitlines()
    assert lines[0] == "| Method | SSIM ↑ | DSSIM ↓ | FID ↓ |"
    assert lines[3] == "| b | **0.900** | **0.050** | — |"


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
