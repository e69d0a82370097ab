import os
from pathlib import Path

import pytest

from reenactor import api
from reenactor.cli.demo import material
from reenactor.errors import InputError, UsageError
from reenactor.pipeline.run import Order


@pytest.fixture
def setup(tmp_path: Path) -> api.Setup:
    return api.Setup(device="cpu", watched=tmp_path / "watched")


def reenact(setup: api.Setup, folder: Path, **changes: object) -> None:
    files = material()
    api.reenact(setup, files.target, files.driver, folder / "out.mp4", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["start", "stop"])
@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_time_is_a_number_of_seconds(
    setup: api.Setup, tmp_path: Path, name: str, value: float
) -> None:
    with pytest.raises(UsageError, match=f"{name} is no time"):
        reenact(setup, tmp_path, **{name: value})
    assert not (tmp_path / "out.mp4").exists()


def test_an_extra_that_is_asked_for_twice_is_made_once(
    setup: api.Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ordered(Exception):  # noqa: N818 - an order, not an error
        """Ends the call where the work would begin."""

    def perform(order: Order, team: object, progress: object) -> None:
        raise Ordered(order)

    monkeypatch.setattr(api, "perform", perform)
    with pytest.raises(Ordered) as caught:
        reenact(setup, tmp_path, extras=("mask", "beside", "mask"))
    assert caught.value.args[0].extras == ("mask", "beside")
    assert caught.value.args[0].fingerprint["extras"] == ["mask", "beside"]


def test_a_motion_is_refused_before_the_video_is_watched(setup: api.Setup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        api.analyze(setup, material().driver, tmp_path / os.fsdecode(b"caf\xe9.motion"))
