"""Whole runs over drawn people: what comes out, and what an interruption leaves."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch
from PIL import Image

from reenactor import motion_file
from reenactor.errors import InputError, NoPersonError, UsageError
from reenactor.media.mark import is_synthetic
from reenactor.motion_file import load_crowd, load_motion, save_crowd, save_motion
from reenactor.options import NoOptions
from reenactor.pipeline.driver import CrowdCache, open_driver
from reenactor.pipeline.job import folder_of
from reenactor.pipeline.run import render_preview, render_video
from reenactor.progress import Silent
from reenactor.roles import DenseEstimator
from reenactor.runtime import usable_cores
from reenactor.values import Dense, Extent, Frames, Skeleton

WALL = np.array((40, 160, 60))


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def yellow(picture: np.ndarray) -> np.ndarray:
    """Where the renderer painted."""
    return (picture[..., 0] > 180) & (picture[..., 1] > 180) & (picture[..., 2] < 90)


def test_the_dancer_is_replaced_and_the_rest_stays(stage: Any) -> None:
    report = render_video(stage.request(), stage.components, Silent())
    frames = decoded(stage.folder / "out.mp4")
    assert report.frames == len(frames) == 100
    for t in (0, 50, 99):
        where = np.argwhere(yellow(frames[t]))
        centre = where.mean(0)
        # The torso's middle: neck at y = 52, hips at y = 76, centre of the column at x + 10.
        assert abs(centre[1] - (20 + t + 9.5)) < 2
        assert abs(centre[0] - 64) < 2
        # The red dancer is gone: only wall and box are left.
        rest = frames[t][~yellow(frames[t])].astype(int)
        assert np.quantile(np.abs(rest - WALL).max(-1), 0.97) < 30
    assert not folder_of(stage.folder / "out.mp4").exists()


def test_the_report_tells_what_happened(stage: Any) -> None:
    render_video(stage.request(), stage.components, Silent())
    told = json.loads((stage.folder / "out.mp4.json").read_text())
    assert told["frames"] == 100
    assert told["absent"] == []
    assert told["synthetic"] is True
    assert {"decode", "background", "frame", "paste", "encode"} <= told["seconds"].keys()
    assert told["canvas"] == [128, 96]
    assert 0 < told["processor"] < 2 * usable_cores() * sum(told["wall"].values())
    if sys.platform != "win32":
        held = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        assert 10_000_000 < told["memory"] < held  # torch alone takes more


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(stage: Any) -> None:
    render_video(stage.request("whole.mp4"), stage.components, Silent())
    stage.renderer.fails_at = 70
    with pytest.raises(RuntimeError, match="power"):
        render_video(stage.request("cut.mp4"), stage.components, Silent())
    assert not (stage.folder / "cut.mp4").exists()
    stage.renderer.fails_at = None
    report = render_video(stage.request("cut.mp4"), stage.components, Silent())
    assert report.resumed_at == 48  # one whole segment had been finished
    assert min(stage.renderer.rendered) == 48
    assert (stage.folder / "cut.mp4").read_bytes() == (stage.folder / "whole.mp4").read_bytes()


def test_other_settings_do_not_continue_an_interrupted_run(stage: Any) -> None:
    stage.renderer.fails_at = 70
    with pytest.raises(RuntimeError):
        render_video(stage.request(), stage.components, Silent())
    stage.renderer.fails_at = None
    report = render_video(stage.request(background="white"), stage.components, Silent())
    assert report.resumed_at == 0
    assert "starting over" in report.notes[0]


def test_what_is_known_of_the_spec_is_told_and_kept(stage: Any) -> None:
    report = render_video(
        stage.request(notes=("trained at another size",)), stage.components, Silent()
    )
    assert report.notes[0] == "trained at another size"


def test_the_second_target_does_not_watch_the_driver_again(stage: Any) -> None:
    render_video(stage.request("one.mp4"), stage.components, Silent())
    watched = type(stage.components.estimator).watched
    render_video(stage.request("two.mp4"), stage.components, Silent())
    assert type(stage.components.estimator).watched == watched + 1  # the photo alone


def test_a_crowd_remembered_in_an_older_format_is_watched_anew(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    render_video(stage.request("one.mp4"), stage.components, Silent())
    [remembered] = (stage.folder / "cache").iterdir()
    crowd = load_crowd(remembered)
    with monkeypatch.context() as older:
        older.setitem(motion_file.VERSIONS, "crowd", 1)
        save_crowd(crowd, remembered)
    watched = type(stage.components.estimator).watched
    render_video(stage.request("two.mp4"), stage.components, Silent())
    assert type(stage.components.estimator).watched == watched + 101  # the photo and the driver


def test_cuts_and_colours_are_remembered(stage: Any) -> None:
    render_video(stage.request(), stage.components, Silent())
    [remembered] = (stage.folder / "cache").iterdir()
    crowd = load_crowd(remembered)
    assert crowd.appearance.any()
    save_crowd(replace(crowd, clip=replace(crowd.clip, cuts=(30, 60))), remembered)
    again = load_crowd(remembered)
    assert again.clip.cuts == (30, 60)
    assert [(shot.start, shot.stop) for shot in again.clip.shots] == [(0, 30), (30, 60), (60, 100)]
    assert torch.equal(again.appearance, crowd.appearance)


@pytest.mark.parametrize(
    ("background", "colour"), [("white", (255, 255, 255)), ("#102030", (16, 32, 48))]
)
def test_a_colour_behind_the_person(stage: Any, background: str, colour: tuple[int, ...]) -> None:
    render_video(stage.request(background=background), stage.components, Silent())
    frame = decoded(stage.folder / "out.mp4")[10]
    assert np.abs(frame[5, 150].astype(int) - colour).max() <= 4


def test_the_photos_own_place(stage: Any) -> None:
    render_video(stage.request(background="target"), stage.components, Silent())
    frame = decoded(stage.folder / "out.mp4")[0]
    assert frame.shape == (120, 160, 3)
    rest = frame[~yellow(frame)].astype(int)
    assert np.quantile(np.abs(rest - WALL).max(-1), 0.97) < 30  # the blue person is painted out


def test_transparent_frames_have_alpha_only_on_the_person(stage: Any) -> None:
    render_video(
        stage.request("frames", background="transparent", stop=0.2), stage.components, Silent()
    )
    files = sorted((stage.folder / "frames").glob("*.png"))
    assert len(files) == 6  # frames before 0.2 s at 29.97 fps
    with av.open(str(files[0])) as file:
        picture = next(file.decode(video=0)).to_ndarray(format="rgba")
    painted = picture[..., 3] > 128
    assert 100 < painted.sum() < 600
    assert np.all(picture[painted][:, 2] < 60)


def test_extras_have_as_many_frames_as_the_result(stage: Any) -> None:
    extras = ("mask", "skeleton", "beside")
    report = render_video(
        stage.request(extras=extras, background="white"), stage.components, Silent()
    )
    assert [path.name for path in report.outputs] == [
        "out.mp4", "out.mask.mp4", "out.skeleton.mp4", "out.beside.mp4",
    ]  # fmt: skip
    for path in report.outputs:
        assert len(decoded(path)) == 100
    # The driver, with its red dancer on the green wall, stands left of the result on white.
    left, right = np.split(decoded(report.outputs[3])[0], 2, axis=1)
    assert (left[..., 0].astype(int) - left[..., 1] > 100).any()
    assert np.abs(left[5, 5].astype(int) - WALL).max() < 12
    assert right[5, -5].min() > 240


def test_a_motion_file_drives_without_the_video(stage: Any) -> None:
    request = stage.request()
    driver = open_driver(
        stage.driver, stage.components.estimator, request.spec.motion, request.crowd_cache, Silent()
    )
    save_motion(driver.motion, stage.folder / "dance.motion")
    loaded = load_motion(stage.folder / "dance.motion")
    assert loaded.clip.fps == driver.motion.clip.fps
    assert (loaded.skeleton.body == driver.motion.skeleton.body).all()
    alone = stage.request(driver=stage.folder / "dance.motion", background="white")
    assert render_video(alone, stage.components, Silent()).frames == 100
    with pytest.raises(UsageError, match="no pictures"):
        render_video(
            stage.request("b.mp4", driver=stage.folder / "dance.motion"), stage.components, Silent()
        )


def test_nobody_in_the_photo_is_said_before_the_driver_is_watched(stage: Any) -> None:
    request = stage.request()
    stage.target.write_bytes(b"")
    with pytest.raises(InputError):
        render_video(request, stage.components, Silent())
    import cv2

    cv2.imwrite(str(stage.target), np.full((120, 160, 3), WALL[::-1], np.uint8))
    with pytest.raises(NoPersonError, match="photo"):
        render_video(request, stage.components, Silent())
    assert type(stage.components.estimator).watched == 4  # the photo as it is, and turned


def test_no_frame_between_two_times(stage: Any) -> None:
    with pytest.raises(UsageError, match="no frame"):
        render_video(stage.request(start=50.0), stage.components, Silent())


def test_a_preview_is_one_picture(stage: Any) -> None:
    path = render_preview(stage.request(), stage.components, 6, Silent())
    assert path.name == "out.preview.png"
    assert not (stage.folder / "out.mp4").exists()


class Listening(Silent):
    """Writes down what is noted."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_where_nothing_can_be_remembered_the_run_goes_on_and_says_so_once(stage: Any) -> None:
    """The home folder may not be writable, or not be there."""
    (stage.folder / "cache").write_text("a file where the folder should be")
    listener = Listening()
    report = render_video(stage.request(), stage.components, listener)
    assert len(decoded(stage.folder / "out.mp4")) == report.frames == 100
    said = [note for note in listener.notes if "not cached" in note]
    assert len(said) == 1
    assert "REENACTOR_CACHE" in said[0]


def test_a_name_that_is_not_utf8_works_from_end_to_end(stage: Any) -> None:
    folder = stage.folder / os.fsdecode(b"tanz-\xe9")
    folder.mkdir()
    stage.target = stage.target.rename(folder / os.fsdecode(b"photo-\xe9.png"))
    stage.driver = stage.driver.rename(folder / os.fsdecode(b"driver-\xe9.mp4"))
    output = os.fsdecode(b"tanz-\xe9/out-\xe9.mp4")
    stage.renderer.fails_at = 70
    with pytest.raises(RuntimeError, match="power"):
        render_video(stage.request(output, extras=("mask",)), stage.components, Silent())
    stage.renderer.fails_at = None
    report = render_video(stage.request(output, extras=("mask",)), stage.components, Silent())
    assert report.resumed_at == 48
    assert len(decoded(stage.folder / output)) == 100
    assert is_synthetic(stage.folder / output)
    told = json.loads(Path(f"{stage.folder / output}.json").read_text(encoding="utf-8"))
    assert told["outputs"][0] == Path(output).name


def test_a_motion_that_could_not_be_read_again_is_refused(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"tanz-\xe9.motion")
    path.write_bytes(b"x")
    with pytest.raises(InputError, match="not UTF-8"):
        load_motion(path)


def cut_short(stage: Any, make_film: Any, name: str) -> Path:
    """The driver's first second in Matroska, of which the last 40 percent are missing."""
    noise = np.random.default_rng(0)  # so that all frames are about as large in the file
    pictures = [p ^ noise.integers(0, 4, p.shape, np.uint8) for p in decoded(stage.driver)[:30]]
    path: Path = make_film(stage.folder / name, pictures)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    return path


def test_a_driver_that_is_cut_short_is_told(stage: Any, make_film: Any) -> None:
    told = Listening()
    driver = cut_short(stage, make_film, "cut.mkv")
    report = render_video(stage.request(driver=driver), stage.components, told)
    assert 5 < report.frames < 25
    assert any("cut.mkv is truncated" in note for note in told.notes)
    assert any("cut.mkv is truncated" in note for note in report.notes)


def test_a_background_video_that_is_cut_short_is_told(stage: Any, make_film: Any) -> None:
    told = Listening()
    background = {"video": str(cut_short(stage, make_film, "sea.mkv"))}
    render_video(stage.request(background=background, stop=0.2), stage.components, told)
    assert any("sea.mkv is truncated" in note for note in told.notes)


class Blank(DenseEstimator[NoOptions]):
    """Finds nothing, and remembers whose pictures it was shown."""

    def __init__(self) -> None:
        self.shown: set[tuple[str, Extent | None]] = set()

    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        self.shown.add((frames.name, frames.extent))
        part = torch.zeros(len(frames), *frames.size, dtype=torch.uint8)
        return Dense(part, torch.zeros(len(frames), 2, *frames.size))


def test_nobody_asks_for_the_dense_pose_of_the_photo(stage: Any) -> None:
    dense = Blank()
    cast = replace(stage.components.rendering, dense=dense)
    render_video(stage.request(stop=0.2), replace(stage.components, rendering=cast), Silent())
    assert dense.shown == {("driver", Extent(100, (120, 160)))}


def test_a_photo_that_is_too_small_is_said_before_anybody_is_sought(stage: Any) -> None:
    Image.fromarray(np.zeros((3000, 2, 3), np.uint8)).save(stage.target)
    with pytest.raises(NoPersonError, match="too small") as caught:
        render_video(stage.request(), stage.components, Silent())
    assert "2x3000" in caught.value.given
    assert type(stage.components.estimator).watched == 0


def test_large_frames_are_few_on_their_way_and_come_out_the_same(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    render_video(stage.request("all.mp4", stop=0.5), stage.components, Silent())
    whole, rendered = decoded(stage.folder / "all.mp4"), list(stage.renderer.rendered)
    monkeypatch.setattr("reenactor.media.stream.ROOM", 1)
    seen: list[int] = []
    estimate = type(stage.components.estimator).estimate

    def noted(self: Any, frames: Frames, before: Any = None) -> Any:
        seen.append(len(frames))
        return estimate(self, frames, before)

    monkeypatch.setattr(type(stage.components.estimator), "estimate", noted)
    request = replace(
        stage.request("few.mp4", stop=0.5), crowd_cache=CrowdCache(stage.folder / "other", {})
    )
    render_video(request, stage.components, Silent())
    assert set(seen) == {1}
    assert stage.renderer.rendered == rendered
    assert all(map(np.array_equal, decoded(stage.folder / "few.mp4"), whole))
