"""Means over takes, over all frames and by yaw."""

import pytest

from reenactor.evaluation.scores import Scores

NAN = float("nan")


def test_a_tally_leaves_out_what_could_not_be_measured() -> None:
    tally = Scores()
    tally.add("identity", [0.5, NAN], [0.0, 0.0])
    tally.add("identity", [1.0], [0.0])
    figure = tally.measures(seed=0).figures["identity"]
    assert figure.value == pytest.approx(0.75)
    assert figure.count == 2


def test_frames_count_in_the_group_of_their_yaw_only() -> None:
    tally = Scores()
    tally.add("ssim", [1.0, 3.0, 5.0], [0.0, -50.0, 50.0])
    tally.add("ssim", [7.0], [NAN])
    made = tally.measures(seed=0)
    assert made.figures["ssim"].value == 4
    values = {group: figures["ssim"].value for group, figures in made.by_yaw.items()}
    assert values == {"0-30": 1, "30-60": 4}


def test_a_figure_of_several_frames_is_measured_again_for_each_group() -> None:
    tally = Scores()
    tally.add_of("frames", [5.0, 10.0, 100.0, NAN], lambda mine: float(mine.sum()))
    made = tally.measures(seed=0)
    assert made.figures["frames"].value == 4
    assert {group: f["frames"].value for group, f in made.by_yaw.items()} == {
        "0-30": 2, "60-120": 1,
    }  # fmt: skip
    assert made.as_json()["by yaw"]["0-30"]["frames"]["value"] == 2
