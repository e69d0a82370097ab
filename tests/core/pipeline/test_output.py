"""The streams of a run and the segments that they are made of."""

from pathlib import Path
from typing import Any

import av
import pytest
import torch
from safetensors.torch import save_file

from reenactor.media.formats import Format
from reenactor.pipeline.job import Job
from reenactor.pipeline.output import (
    load_past,
    missing_segments,
    output_paths,
    output_streams,
    segment_count,
)
from reenactor.pipeline.run import render_video
from reenactor.progress import Silent


@pytest.mark.parametrize(
    ("frames", "wanted"), [(1, 1), (47, 1), (48, 1), (49, 2), (96, 2), (97, 3)]
)
def test_a_segment_has_48_frames(frames: int, wanted: int) -> None:
    assert segment_count(frames) == wanted


@pytest.mark.parametrize("frames", [48, 96])
def test_a_multiple_of_48_frames_is_made_once_and_whole(stage: Any, frames: int) -> None:
    rate = 30000 / 1001
    report = render_video(stage.request(stop=(frames - 0.5) / rate), stage.components, Silent())
    assert report.frames == frames
    assert stage.renderer.rendered == list(range(frames))
    with av.open(str(stage.folder / "out.mp4")) as file:
        assert sum(1 for _ in file.decode(video=0)) == frames


def test_what_is_missing_of_a_job_that_has_nothing_is_one_run(tmp_path: Path) -> None:
    job = Job(tmp_path / "out.mp4", {})
    job.open()
    streams = output_streams(
        tmp_path / "out.mp4", (), (120, 160), (128, 96), (120, 160), alpha=False
    )
    assert missing_segments(job, streams, 96) == [range(96)]
    assert missing_segments(job, streams, 100) == [range(100)]


def test_each_extra_is_a_file_beside_the_result(tmp_path: Path) -> None:
    extras = ("parsing", "mask", "beside")
    paths = output_paths(tmp_path / "dance.webm", extras)
    names = ["dance.webm", "dance.parsing.mp4", "dance.mask.mp4", "dance.beside.mp4"]
    assert [path.name for path in paths] == names
    streams = output_streams(paths[0], extras, (120, 160), (128, 96), (240, 160), alpha=True)
    assert [stream.output for stream in streams] == paths
    assert [stream.kind for stream in streams] == [Format.WEBM, Format.MP4, Format.MP4, Format.MP4]
    assert [stream.alpha for stream in streams] == [True, False, False, False]
    # Beside each other at 540 pixels of height: the driver 360 wide, the result 720.
    sizes = [(120, 160), (128, 96), (128, 96), (540, 360 + 720)]
    assert [stream.size for stream in streams] == sizes


def test_extras_of_frames_are_frames(tmp_path: Path) -> None:
    assert [path.name for path in output_paths(tmp_path / "dance", ("mask",))] == [
        "dance", "dance.mask",
    ]  # fmt: skip


def test_what_a_renderer_saw_is_read_from_the_segment_before(tmp_path: Path) -> None:
    job = Job(tmp_path / "out.mp4", {})
    job.open()
    image, mask = torch.rand(3, 3, 4, 5), torch.rand(3, 1, 4, 5)
    save_file({"image": image, "mask": mask}, job.past(1))
    past = load_past(job, 96)  # the third segment begins
    assert past is not None
    assert torch.equal(past.image, image)
    assert torch.equal(past.mask, mask)
    assert load_past(job, 48) is None  # no such file: the renderer has no history
    assert load_past(job, 0) is None
