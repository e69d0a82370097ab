"""What interrupted runs leave, damaged in every way: the same command makes the same bytes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from reenactor.errors import OutputError
from reenactor.pipeline.job import Job, folder_of
from reenactor.pipeline.run import render_video
from reenactor.progress import Silent


def content(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {file.name: file.read_bytes() for file in files}


def interrupted(stage: Any, output: str, **changes: Any) -> Path:
    """A run whose power failed behind its third and last segment; gives the job's folder."""

    def fail(job: Job) -> None:
        raise RuntimeError("the power went off")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Job, "begin_joining", fail)
        with pytest.raises(RuntimeError, match="power"):
            render_video(stage.request(output, **changes), stage.components, Silent())
    return folder_of(stage.folder / output)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def another_frame(path: Path) -> None:
    """A whole PNG of another content."""
    cv2.imwrite(str(path), np.full((120, 160, 3), 255, np.uint8))


DAMAGE: list[tuple[str, str, Callable[[Path], object]]] = [
    ("o.mp4", "result-000000.mp4", cut),
    ("o.mp4", "result-000000.mp4", flipped),
    ("o.mp4", "result-000000.mp4", Path.unlink),
    ("o.mp4", "result-000001.mp4", lambda path: path.write_bytes(b"")),
    ("o.mp4", "result-000001.mp4", lambda path: shutil.copy(path.with_name("result-000000.mp4"),
                                                            path)),
    ("o.webm", "result-000000.webm", cut),
    ("o.mov", "result-000001.mov", flipped),
    ("o", "result-000000/000047.png", Path.unlink),
    ("o", "result-000000/000010.png", cut),
    ("o", "result-000001/000000.png", another_frame),
    ("o", "result-000000/000048.png", another_frame),
    ("o", "result-000000/notes.txt", lambda path: path.write_text("mine")),
    ("o", "result-000000", shutil.rmtree),
]  # fmt: skip


@pytest.mark.parametrize(("output", "name", "damage"), DAMAGE)
def test_a_segment_that_is_not_whole_is_made_again(
    stage: Any, output: str, name: str, damage: Callable[[Path], object]
) -> None:
    whole = stage.folder / f"whole{Path(output).suffix}"
    render_video(stage.request(whole.name, background="white"), stage.components, Silent())
    job = interrupted(stage, output, background="white")
    assert job.is_dir()
    damage(job / name)
    report = render_video(stage.request(output, background="white"), stage.components, Silent())
    assert report.resumed_at == 100 - 48  # the other segments are kept
    assert content(stage.folder / output).keys() == (
        {output} if whole.is_file() else content(whole).keys()
    )
    made, right = content(stage.folder / output), content(whole)
    assert list(made.values()) == list(right.values())
    assert not job.exists()


def test_an_extra_that_is_damaged_is_made_again(stage: Any) -> None:
    extras = ("mask",)
    render_video(
        stage.request("whole.mp4", extras=extras, background="white"), stage.components, Silent()
    )
    job = interrupted(stage, "o.mp4", extras=extras, background="white")
    cut(job / "mask-000001.mp4")
    render_video(
        stage.request("o.mp4", extras=extras, background="white"), stage.components, Silent()
    )
    made, whole = stage.folder / "o.mask.mp4", stage.folder / "whole.mask.mp4"
    assert made.read_bytes() == whole.read_bytes()


def test_a_segment_that_is_damaged_while_the_run_lasts_is_not_joined(stage: Any) -> None:
    paste = stage.renderer.render
    job = folder_of(stage.folder / "o.mp4")

    def render(prepared: Any, pose: Any, body: Any, past: Any) -> Any:
        first = job / "result-000000.mp4"
        if first.exists() and pose.index[0] >= 96:
            cut(first)
        return paste(prepared, pose, body, past)

    stage.renderer.render = render
    with pytest.raises(OutputError, match="segments were damaged"):
        render_video(stage.request("o.mp4"), stage.components, Silent())
    assert not (stage.folder / "o.mp4").exists()
    stage.renderer.render = paste
    assert render_video(stage.request("o.mp4"), stage.components, Silent()).frames == 100


STATES = [
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"",
    b"\x80\x00\xff",
    b"null",
    b"[1]",
    b'{"version": 2, "fingerprint": 3, "segments": 4, "joining": 5}',
]


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_a_damaged_job_file_means_starting_anew(stage: Any, state: bytes) -> None:
    job = interrupted(stage, "o.mp4")
    (job / "job.json").write_bytes(state)
    report = render_video(stage.request("o.mp4"), stage.components, Silent())
    assert report.resumed_at == 0
    assert "starting over" in report.notes[0]
    assert not job.exists()


@pytest.mark.parametrize(
    "segments",
    [[], {"0": 3}, {"0": {"frames": 48}}, {"0": {"frames": 48, "files": []}},
     {"0": {"frames": 48, "files": {"result-000000.mp4": None}}},
     {"0": {"frames": "48", "files": {"result-000000.mp4": 7}}}],
)  # fmt: skip
def test_records_of_other_types_mean_making_anew(stage: Any, segments: object) -> None:
    job = interrupted(stage, "o.mp4")
    state = json.loads((job / "job.json").read_text())
    state["segments"] = segments
    (job / "job.json").write_text(json.dumps(state))
    assert render_video(stage.request("o.mp4"), stage.components, Silent()).resumed_at == 0


def not_ours(folder: Path, kind: str) -> None:
    if kind == "file":
        folder.write_text("mine")
    elif kind == "link":
        (folder.parent / "elsewhere").mkdir()
        folder.symlink_to(folder.parent / "elsewhere")
    elif kind == "stale link":
        folder.symlink_to(folder.parent / "nowhere")
    else:
        folder.mkdir()
        (folder / "diary.txt").write_text("mine")


@pytest.mark.parametrize("kind", ["file", "link", "stale link", "folder of the user's"])
def test_what_is_not_ours_is_told_before_the_work(stage: Any, kind: str) -> None:
    folder = folder_of(stage.folder / "o.mp4")
    not_ours(folder, kind)
    with pytest.raises(OutputError, match="needed for the unfinished output"):
        render_video(stage.request("o.mp4"), stage.components, Silent())
    assert type(stage.components.estimator).watched == 0
    if kind == "file":
        assert folder.read_text() == "mine"
    if kind == "folder of the user's":
        assert (folder / "diary.txt").read_text() == "mine"


def test_a_users_file_in_the_jobs_folder_stays(stage: Any) -> None:
    job = interrupted(stage, "o.mp4")
    (job / "diary.txt").write_text("mine")
    (job / "job.json").write_text("{")
    render_video(stage.request("o.mp4"), stage.components, Silent())
    assert [path.name for path in job.iterdir()] == ["diary.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    folder_of(tmp_path / "o.mp4").mkdir()
    job = Job(tmp_path / "o.mp4", {"a": 1})
    assert not job.open()
    assert (job.folder / "job.json").is_file()
