"""Whole runs over drawn people: what comes out, and what an interruption leaves."""

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.errors import InputError, NoPersonError, UsageError
from reenactor.motion_file import load_motion, save_motion
from reenactor.pipeline.driver import driver_of
from reenactor.pipeline.job import folder_of
from reenactor.pipeline.run import perform, preview
from reenactor.progress import Silent

WALL = np.array((40, 160, 60))


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def yellow(picture: np.ndarray) -> np.ndarray:
    """Where the renderer painted."""
    return (picture[..., 0] > 180) & (picture[..., 1] > 180) & (picture[..., 2] < 90)


def test_the_dancer_is_replaced_and_the_rest_stays(stage: Any) -> None:
    report = perform(stage.order(), stage.team, Silent())
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
    perform(stage.order(), stage.team, Silent())
    told = json.loads((stage.folder / "out.mp4.json").read_text())
    assert told["frames"] == 100
    assert told["absent"] == []
    assert told["synthetic"] is True
    assert {"decode", "background", "frame", "paste", "encode"} <= told["seconds"].keys()


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(stage: Any) -> None:
    perform(stage.order("whole.mp4"), stage.team, Silent())
    stage.renderer.fails_at = 70
    with pytest.raises(RuntimeError, match="power"):
        perform(stage.order("cut.mp4"), stage.team, Silent())
    assert not (stage.folder / "cut.mp4").exists()
    stage.renderer.fails_at = None
    report = perform(stage.order("cut.mp4"), stage.team, Silent())
    assert report.resumed_at == 48  # one whole segment had been finished
    assert min(stage.renderer.rendered) == 48
    assert (stage.folder / "cut.mp4").read_bytes() == (stage.folder / "whole.mp4").read_bytes()


def test_other_settings_do_not_continue_an_interrupted_run(stage: Any) -> None:
    stage.renderer.fails_at = 70
    with pytest.raises(RuntimeError):
        perform(stage.order(), stage.team, Silent())
    stage.renderer.fails_at = None
    report = perform(stage.order(background="white"), stage.team, Silent())
    assert report.resumed_at == 0
    assert "starting anew" in report.notes[0]


def test_what_is_known_of_the_spec_is_told_and_kept(stage: Any) -> None:
    report = perform(stage.order(notes=("trained at another size",)), stage.team, Silent())
    assert report.notes[0] == "trained at another size"


def test_the_second_target_does_not_watch_the_driver_again(stage: Any) -> None:
    perform(stage.order("one.mp4"), stage.team, Silent())
    watched = type(stage.team.estimator).watched
    perform(stage.order("two.mp4"), stage.team, Silent())
    assert type(stage.team.estimator).watched == watched + 1  # the photo alone


@pytest.mark.parametrize(
    ("background", "colour"), [("white", (255, 255, 255)), ("#102030", (16, 32, 48))]
)
def test_a_colour_behind_the_person(stage: Any, background: str, colour: tuple[int, ...]) -> None:
    perform(stage.order(background=background), stage.team, Silent())
    frame = decoded(stage.folder / "out.mp4")[10]
    assert np.abs(frame[5, 150].astype(int) - colour).max() <= 4


def test_the_photos_own_place(stage: Any) -> None:
    perform(stage.order(background="target"), stage.team, Silent())
    frame = decoded(stage.folder / "out.mp4")[0]
    assert frame.shape == (120, 160, 3)
    rest = frame[~yellow(frame)].astype(int)
    assert np.quantile(np.abs(rest - WALL).max(-1), 0.97) < 30  # the blue person is painted out


def test_transparent_frames_have_alpha_only_on_the_person(stage: Any) -> None:
    perform(stage.order("frames", background="transparent", stop=0.2), stage.team, Silent())
    files = sorted((stage.folder / "frames").glob("*.png"))
    assert len(files) == 6  # frames before 0.2 s at 29.97 fps
    with av.open(str(files[0])) as file:
        picture = next(file.decode(video=0)).to_ndarray(format="rgba")
    painted = picture[..., 3] > 128
    assert 100 < painted.sum() < 600
    assert np.all(picture[painted][:, 2] < 60)


def test_extras_have_as_many_frames_as_the_result(stage: Any) -> None:
    extras = ("mask", "skeleton", "beside")
    report = perform(stage.order(extras=extras, background="white"), stage.team, Silent())
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
    order = stage.order()
    driver = driver_of(
        stage.driver, stage.team.estimator, order.spec.motion, order.memory, Silent()
    )
    save_motion(driver.motion, stage.folder / "dance.motion")
    loaded = load_motion(stage.folder / "dance.motion")
    assert loaded.clip.fps == driver.motion.clip.fps
    assert (loaded.skeleton.body == driver.motion.skeleton.body).all()
    alone = stage.order(driver=stage.folder / "dance.motion", background="white")
    assert perform(alone, stage.team, Silent()).frames == 100
    with pytest.raises(UsageError, match="no pictures"):
        perform(stage.order("b.mp4", driver=stage.folder / "dance.motion"), stage.team, Silent())


def test_nobody_in_the_photo_is_said_before_the_driver_is_watched(stage: Any) -> None:
    order = stage.order()
    stage.target.write_bytes(b"")
    with pytest.raises(InputError):
        perform(order, stage.team, Silent())
    import cv2

    cv2.imwrite(str(stage.target), np.full((120, 160, 3), WALL[::-1], np.uint8))
    with pytest.raises(NoPersonError, match="photo"):
        perform(order, stage.team, Silent())
    assert type(stage.team.estimator).watched == 1


def test_no_frame_between_two_times(stage: Any) -> None:
    with pytest.raises(UsageError, match="no frame"):
        perform(stage.order(start=50.0), stage.team, Silent())


def test_a_preview_is_one_picture(stage: Any) -> None:
    path = preview(stage.order(), stage.team, 6, Silent())
    assert path.name == "out.preview.png"
    assert not (stage.folder / "out.mp4").exists()
