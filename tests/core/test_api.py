"""What a run, and the remembered people of a video, depend on: every file read, by content."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reenactor import api
from reenactor.catalog import discover
from reenactor.cli.demo import material
from reenactor.errors import InputError, UsageError
from reenactor.pipeline.order import Order


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Inputs, and a file or folder for every option that names one."""
    shutil.copy(material().target, tmp_path / "photo.jpg")
    shutil.copy(material().driver, tmp_path / "dance.mp4")
    for name in ("keypoints/dance_0.json", "iuv/dance_0.png", "parsing/photo.png",
                 "places/1.png", "wall.png", "stage.mp4", "retouch.safetensors"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"first content of {name}")
    return tmp_path


@pytest.fixture
def ordered(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Order]:
    """What `reenact` would perform."""
    found: list[Order] = []

    def perform(order: Order, *_: object) -> None:
        found.append(order)
        raise InterruptedError

    monkeypatch.setattr(api, "_team", lambda *_: None)
    monkeypatch.setattr(api, "perform", perform)
    setup = api.Setup(catalog=discover(only={"reenactor"}), watched=here / "cache")

    def make(background: str = "wall.png", driver: str = "dance.mp4") -> Order:
        estimators = (
            f"pose_estimator=[{{use: openpose-files, folder: {here / 'keypoints'}}}, "
            f"{{use: iuv-files, folder: {here / 'iuv'}}}]"
        )
        overrides = [
            estimators,
            f"parser={{use: parsing-files, folder: {here / 'parsing'}, classes: lip}}",
            f"frame_renderer={{use: retouch, weights: {here / 'retouch.safetensors'}}}",
            f"background={here / background}{'/' if (here / background).is_dir() else ''}",
        ]
        inputs = (here / "photo.jpg", here / driver, here / "o.mp4")
        with pytest.raises(InterruptedError):
            api.reenact(setup, *inputs, overrides=overrides)
        return found[-1]

    return make


def changed(path: Path) -> None:
    """Another content of the same size and time."""
    before = path.stat()
    path.write_text(path.read_text().replace("first", "other"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


READ = [
    "keypoints/dance_0.json",
    "iuv/dance_0.png",
    "parsing/photo.png",
    "wall.png",
    "retouch.safetensors",
]


@pytest.mark.parametrize("name", READ)
def test_another_content_of_a_file_that_is_read_makes_another_job(
    here: Path, ordered: Callable[..., Order], name: str
) -> None:
    before = ordered()
    assert ordered().fingerprint == before.fingerprint
    changed(here / name)
    assert ordered().fingerprint != before.fingerprint


@pytest.mark.parametrize(
    ("background", "name"), [("places", "places/1.png"), ("stage.mp4", "stage.mp4")]
)
def test_backgrounds_count_by_content(
    here: Path, ordered: Callable[..., Order], background: str, name: str
) -> None:
    before = ordered(background)
    changed(here / name)
    assert ordered(background).fingerprint != before.fingerprint


def test_corrected_key_points_are_not_taken_for_what_is_remembered(
    here: Path, ordered: Callable[..., Order]
) -> None:
    before = ordered().memory.path("sha")
    changed(here / "wall.png")  # the people do not depend on it
    assert ordered().memory.path("sha") == before
    changed(here / "keypoints" / "dance_0.json")
    assert ordered().memory.path("sha") != before


def test_files_are_found_by_the_videos_name(here: Path, ordered: Callable[..., Order]) -> None:
    before = ordered()
    shutil.copy(here / "dance.mp4", here / "waltz.mp4")
    after = ordered(driver="waltz.mp4")
    assert after.memory.path("sha") != before.memory.path("sha")
    assert after.fingerprint != before.fingerprint
    assert "waltz" not in json.dumps(after.fingerprint["files"])


@pytest.fixture
def setup(tmp_path: Path) -> api.Setup:
    return api.Setup(device="cpu", watched=tmp_path / "watched")


def reenact(setup: api.Setup, folder: Path, **changes: object) -> None:
    files = material()
    api.reenact(setup, files.target, files.driver, folder / "out.mp4", **changes)  # type: ignore[arg-type]


INFINITE, NO_NUMBER = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        *(({"start": value}, "begin") for value in (INFINITE, -INFINITE, NO_NUMBER, -1.0, -1e-9)),
        *(({"stop": value}, "end") for value in (INFINITE, -INFINITE, NO_NUMBER, -1.0, 0.0)),
        ({"start": 2.0, "stop": 1.0}, "end"),
        ({"start": 2.0, "stop": 2.0}, "end"),
    ],
)
def test_a_part_of_the_driver_has_a_beginning_and_a_later_end(
    setup: api.Setup, tmp_path: Path, part: dict[str, float], problem: str
) -> None:
    with pytest.raises(UsageError, match=f"cannot {problem} at this time"):
        reenact(setup, tmp_path, **part)
    files = material()
    with pytest.raises(UsageError, match=f"cannot {problem} at this time"):
        api.preview_of(setup, files.target, files.driver, tmp_path / "out.mp4", 1, **part)  # type: ignore[arg-type]
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("seed", [-1, 2**63, 10**400])
def test_a_seed_that_no_source_of_random_numbers_takes(tmp_path: Path, seed: int) -> None:
    with pytest.raises(UsageError, match="no such seed"):
        reenact(api.Setup(device="cpu", watched=tmp_path / "watched", seed=seed), tmp_path)


@pytest.mark.parametrize("name", ["p.png", "p.PNG"])
def test_a_preview_that_is_named_as_a_picture_is_told_how_it_is_named(
    setup: api.Setup, tmp_path: Path, name: str
) -> None:
    files = material()
    with pytest.raises(UsageError, match="named after the video") as caught:
        api.preview_of(setup, files.target, files.driver, tmp_path / name, 1)
    assert caught.value.advice == f"write {tmp_path / 'p.mp4'}"
    assert "p.preview.png" in caught.value.expected


def test_an_extra_that_is_asked_for_twice_is_made_once(
    setup: api.Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ordered(Exception):  # noqa: N818 - an order, not an error
        """Ends the call where the work would begin."""

    def perform(order: Order, *_: object) -> None:
        raise Ordered(order)

    monkeypatch.setattr(api, "perform", perform)
    with pytest.raises(Ordered) as caught:
        reenact(setup, tmp_path, extras=("mask", "beside", "mask"))
    assert caught.value.args[0].extras == ("mask", "beside")
    assert caught.value.args[0].fingerprint["extras"] == ["mask", "beside"]


def test_a_motion_is_refused_before_the_video_is_watched(setup: api.Setup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        api.analyze(setup, material().driver, tmp_path / os.fsdecode(b"caf\xe9.motion"))
