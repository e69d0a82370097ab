"""What a run, and the remembered people of a video, depend on: every file read, by content."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from reenactor import api
from reenactor.catalog import discover
from reenactor.cli.demo import material
from reenactor.errors import InputError, UsageError
from reenactor.pipeline.request import ResolvedRequest


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Inputs, and a file or folder for every option that names one."""
    shutil.copy(material().target, tmp_path / "photo.jpg")
    shutil.copy(material().driver, tmp_path / "dance.mp4")
    for name in ("keypoints/dance_0.json", "iuv/dance_0.png", "parsing/photo.png",
                 "places/1.png", "wall.png", "stage.mp4", "b2f.safetensors"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"first content of {name}")
    return tmp_path


@pytest.fixture
def resolved(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ResolvedRequest]:
    """What `reenact` would render_video."""
    found: list[ResolvedRequest] = []

    def render_video(request: ResolvedRequest, *_: object) -> None:
        found.append(request)
        raise InterruptedError

    monkeypatch.setattr("reenactor.api.rendering.build_components", lambda *_: None)
    monkeypatch.setattr("reenactor.pipeline.run.render_video", render_video)
    setup = api.Setup(catalog=discover(only={"reenactor"}), cache=here / "cache")

    def make(
        background: str = "wall.png", driver: str = "dance.mp4", precision: str = "auto"
    ) -> ResolvedRequest:
        estimators = (
            f"pose_estimator=[{{use: openpose-files, folder: {here / 'keypoints'}}}, "
            f"{{use: iuv-files, folder: {here / 'iuv'}}}]"
        )
        overrides = [
            estimators,
            f"parser={{use: parsing-files, folder: {here / 'parsing'}, classes: lip}}",
            f"frame_renderer={{use: b2f, encoder: small, weights: {here / 'b2f.safetensors'}}}",
            f"background={here / background}{'/' if (here / background).is_dir() else ''}",
        ]
        inputs = (here / "photo.jpg", here / driver, here / "o.mp4")
        with pytest.raises(InterruptedError):
            api.reenact(*inputs, overrides=overrides, setup=replace(setup, precision=precision))
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
    "b2f.safetensors",
]


@pytest.mark.parametrize("name", READ)
def test_another_content_of_a_file_that_is_read_makes_another_job(
    here: Path, resolved: Callable[..., ResolvedRequest], name: str
) -> None:
    before = resolved()
    assert resolved().fingerprint == before.fingerprint
    changed(here / name)
    assert resolved().fingerprint != before.fingerprint


@pytest.mark.parametrize(
    ("background", "name"), [("places", "places/1.png"), ("stage.mp4", "stage.mp4")]
)
def test_backgrounds_count_by_content(
    here: Path, resolved: Callable[..., ResolvedRequest], background: str, name: str
) -> None:
    before = resolved(background)
    changed(here / name)
    assert resolved(background).fingerprint != before.fingerprint


def test_corrected_key_points_are_not_taken_for_what_is_remembered(
    here: Path, resolved: Callable[..., ResolvedRequest]
) -> None:
    before = resolved().crowd_cache.path("sha")
    changed(here / "wall.png")  # the people do not depend on it
    assert resolved().crowd_cache.path("sha") == before
    changed(here / "keypoints" / "dance_0.json")
    assert resolved().crowd_cache.path("sha") != before


def test_files_are_found_by_the_videos_name(
    here: Path, resolved: Callable[..., ResolvedRequest]
) -> None:
    before = resolved()
    shutil.copy(here / "dance.mp4", here / "waltz.mp4")
    after = resolved(driver="waltz.mp4")
    assert after.crowd_cache.path("sha") != before.crowd_cache.path("sha")
    assert after.fingerprint != before.fingerprint
    assert "waltz" not in json.dumps(after.fingerprint["files"])


@pytest.mark.parametrize("amx", [True, False])
def test_the_precision_is_part_of_what_is_remembered(
    resolved: Callable[..., ResolvedRequest], monkeypatch: pytest.MonkeyPatch, amx: bool
) -> None:
    """So that an interrupted run is not continued in another precision. `auto` is what it stands
    for on this machine."""
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    auto, half, full = (resolved(precision=name) for name in ("auto", "bfloat16", "float32"))
    same, other = (half, full) if amx else (full, half)
    assert auto.fingerprint == same.fingerprint
    assert auto.fingerprint != other.fingerprint
    assert auto.fingerprint["precision"] == ("bfloat16" if amx else "float32")
    assert auto.crowd_cache.path("sha") == same.crowd_cache.path("sha")
    assert auto.crowd_cache.path("sha") != other.crowd_cache.path("sha")


@pytest.fixture
def setup(tmp_path: Path) -> api.Setup:
    return api.Setup(device="cpu", cache=tmp_path / "watched")


def reenact(setup: api.Setup, folder: Path, **changes: object) -> None:
    files = material()
    api.reenact(files.target, files.driver, folder / "out.mp4", setup=setup, **changes)  # type: ignore[arg-type]  # arguments of several types


INFINITE, NO_NUMBER = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        *(({"start": value}, "start") for value in (INFINITE, -INFINITE, NO_NUMBER, -1.0, -1e-9)),
        *(({"stop": value}, "stop") for value in (INFINITE, -INFINITE, NO_NUMBER, -1.0, 0.0)),
        ({"start": 2.0, "stop": 1.0}, "stop"),
        ({"start": 2.0, "stop": 2.0}, "stop"),
    ],
)
def test_a_part_of_the_driver_has_a_beginning_and_a_later_end(
    setup: api.Setup, tmp_path: Path, part: dict[str, float], problem: str
) -> None:
    with pytest.raises(UsageError, match=f"invalid {problem} time"):
        reenact(setup, tmp_path, **part)
    files = material()
    request = api.Request(files.target, files.driver, tmp_path / "out.mp4", **part)  # type: ignore[arg-type]  # arguments of several types
    with pytest.raises(UsageError, match=f"invalid {problem} time"):
        api.preview(request, 1, setup=setup)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("seed", [-1, 2**63, 10**400])
def test_a_seed_that_no_source_of_random_numbers_takes(tmp_path: Path, seed: int) -> None:
    with pytest.raises(UsageError, match="seed out of range"):
        reenact(api.Setup(device="cpu", cache=tmp_path / "watched", seed=seed), tmp_path)


@pytest.mark.parametrize("name", ["p.png", "p.PNG"])
def test_a_preview_that_is_named_as_a_picture_is_told_how_it_is_named(
    setup: api.Setup, tmp_path: Path, name: str
) -> None:
    files = material()
    with pytest.raises(UsageError, match="named after its video") as caught:
        api.preview(api.Request(files.target, files.driver, tmp_path / name), 1, setup=setup)
    assert caught.value.advice == str(tmp_path / "p.mp4")
    assert "p.preview.png" in caught.value.expected


def test_an_extra_that_is_asked_for_twice_is_made_once(
    setup: api.Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Started(Exception):  # noqa: N818 - not an error
        """Ends the call where the work would begin."""

    def render_video(request: ResolvedRequest, *_: object) -> None:
        raise Started(request)

    monkeypatch.setattr("reenactor.pipeline.run.render_video", render_video)
    with pytest.raises(Started) as caught:
        reenact(setup, tmp_path, extras=("mask", "beside", "mask"))
    assert caught.value.args[0].extras == ("mask", "beside")
    assert caught.value.args[0].fingerprint["extras"] == ["mask", "beside"]


def test_a_motion_is_refused_before_the_video_is_watched(setup: api.Setup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        api.analyze(material().driver, tmp_path / os.fsdecode(b"caf\xe9.motion"), setup=setup)
