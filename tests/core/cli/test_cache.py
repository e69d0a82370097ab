import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.cli.cache import _date
from reenactor.media.cache import crowd_folder
from reenactor.motion_file import save_crowd
from reenactor.pipeline.detect import _empty_crowd
from reenactor.values import Clip

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return crowd_folder()


def test_what_is_remembered_is_listed_and_cleared(folder: Path, run: Run) -> None:
    clip = Clip(torch.tensor([0, 1]), Fraction(1, 25), Fraction(25), (48, 64), "waltz", "00")
    save_crowd(_empty_crowd(clip), folder / "0123.crowd")
    (folder / "4567.crowd").write_bytes(b"broken")
    assert "waltz" in run("cache", "list").out
    videos = run("cache", "list", "--json").document["videos"]
    assert sorted(one["video"] for one in videos) == ["(damaged)", "waltz"]
    cleared = run("cache", "clear", "--json").document
    assert cleared["removed"] == 2
    assert list(folder.iterdir()) == []
    assert "0 files" in run("cache", "clear").out


@pytest.mark.parametrize("time", [10**11, 10**12, -(10**12), 2**62 // 10**9])
def test_a_time_that_no_calendar_has_is_unknown(folder: Path, run: Run, time: int) -> None:
    folder.mkdir(parents=True)
    (folder / "4567.crowd").write_bytes(b"broken")
    try:
        os.utime(folder / "4567.crowd", (time, time))
    except (OSError, OverflowError):
        pytest.skip("this system has no such times")
    listed = run("cache", "list")
    assert listed.code == 0
    assert "(damaged)" in listed.out
    assert run("cache", "list", "--json").code == 0


@pytest.mark.parametrize("seconds", [1e12, -1e12, 1e19, float("inf"), float("nan")])
def test_a_date_of_any_number_of_seconds(seconds: float) -> None:
    assert _date(seconds) == "unknown"
    assert _date(86400 * 365.25 * 30)[:3] in ("199", "200")
