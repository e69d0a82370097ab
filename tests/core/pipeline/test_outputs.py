"""What a run finds where it wants to write, what it leaves, and inputs that change under it."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reenactor.errors import InputError, UsageError
from reenactor.media.contents import Inputs
from reenactor.media.join import join
from reenactor.media.mark import COMMENT, SYNTHETIC, is_synthetic, read_metadata
from reenactor.pipeline.driver import CrowdCache
from reenactor.pipeline.job import folder_of
from reenactor.pipeline.run import render_preview, render_video
from reenactor.progress import Silent


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"cache", "driver.mp4", "target.png"}


class Killed(BaseException):
    """Ends a run where a kill would."""


def killed_while_joining(stage: Any, joins: int, **changes: Any) -> None:
    """Ends a run after so many outputs are in their places."""
    left = joins

    def some(*arguments: Any, **more: Any) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        join(*arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reenactor.pipeline.output.join", some)
        with pytest.raises(Killed):
            render_video(stage.request(**changes), stage.components, Silent())


@pytest.mark.parametrize("output", ["out.mp4", "frames", "f_%03d.png"])
@pytest.mark.parametrize("joins", [0, 1])
def test_outputs_of_a_killed_run_are_its_own(stage: Any, output: str, joins: int) -> None:
    changes = {"output": output, "extras": ("mask",), "background": "white", "stop": 0.3}
    killed_while_joining(stage, joins, **changes)
    report = render_video(stage.request(**changes), stage.components, Silent())
    assert report.resumed_at == report.frames
    assert not folder_of(stage.folder / output).exists()


def test_a_result_that_was_in_its_place_before_the_kill(stage: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reenactor.pipeline.job.Job.remove", lambda job: None)
        render_video(stage.request(stop=0.3), stage.components, Silent())
    made = (stage.folder / "out.mp4").read_bytes()
    render_video(stage.request(stop=0.3), stage.components, Silent())
    assert (stage.folder / "out.mp4").read_bytes() == made
    assert names(stage.folder) == {"out.mp4", "out.mp4.json"}
    with pytest.raises(UsageError, match="already exists"):
        render_video(stage.request(stop=0.3), stage.components, Silent())


def test_a_users_file_is_not_taken_for_a_killed_runs(stage: Any) -> None:
    changes = {"extras": ("mask",), "background": "white", "stop": 0.3}
    killed_while_joining(stage, 0, **changes)
    (stage.folder / "out.mask.mp4").write_bytes(b"mine")
    with pytest.raises(UsageError, match="already exists"):
        render_video(stage.request(**changes), stage.components, Silent())
    assert (stage.folder / "out.mask.mp4").read_bytes() == b"mine"


def test_a_file_that_appears_while_the_run_lasts_stays(stage: Any) -> None:
    render = stage.renderer.render

    def late(*arguments: Any) -> Any:
        (stage.folder / "out.mp4").write_bytes(b"mine")
        return render(*arguments)

    stage.renderer.render = late
    with pytest.raises(UsageError, match="already exists"):
        render_video(stage.request(stop=0.3), stage.components, Silent())
    stage.renderer.render = render
    (stage.folder / "out.mp4").rename(stage.folder / "aside.mp4")
    report = render_video(stage.request(stop=0.3), stage.components, Silent())
    assert report.resumed_at == report.frames  # nothing was lost


def test_what_killed_writers_left_beside_the_output_goes(stage: Any) -> None:
    for name in (".out.mp4.01234567.part", ".out.mp4.json.89abcdef.part"):
        (stage.folder / name).touch()
    render_video(stage.request(stop=0.3), stage.components, Silent())
    assert names(stage.folder) == {"out.mp4", "out.mp4.json"}


def with_inputs(stage: Any, **changes: Any) -> Any:
    inputs = Inputs.seen({"driver": stage.driver, "target": stage.target})
    memory = CrowdCache(stage.folder / "cache", {"use": "columns"}, inputs)
    request = stage.request(inputs=inputs, **changes)
    return replace(request, crowd_cache=memory)


def replace_driver(stage: Any) -> None:
    """Another file of the same content, as a download that ends now would be."""
    new = stage.folder / "new.mp4"
    new.write_bytes(stage.driver.read_bytes())
    os.utime(new, (1, 1))
    new.replace(stage.driver)


def test_a_driver_that_is_replaced_while_it_is_watched(stage: Any) -> None:
    estimate = stage.components.estimator.estimate

    def slow(frames: Any, before: Any = None) -> Any:
        if frames.index[0] == 64:
            replace_driver(stage)
        return estimate(frames, before)

    stage.components.estimator.estimate = slow
    with pytest.raises(InputError, match="changed during the run"):
        render_video(with_inputs(stage), stage.components, Silent())
    assert not list((stage.folder / "cache").glob("*"))  # nothing wrong is remembered
    assert not (stage.folder / "out.mp4").exists()


def test_a_driver_that_is_replaced_while_it_is_rendered(stage: Any) -> None:
    render = stage.renderer.render

    def slow(prepared: Any, pose: Any, body: Any, past: Any) -> Any:
        if pose.index[0] == 60:
            replace_driver(stage)
        return render(prepared, pose, body, past)

    stage.renderer.render = slow
    with pytest.raises(InputError, match="changed during the run"):
        render_video(with_inputs(stage), stage.components, Silent())
    assert not (stage.folder / "out.mp4").exists()
    job = json.loads((folder_of(stage.folder / "out.mp4") / "job.json").read_text())
    assert "1" not in job["segments"]  # what was rendered since is not kept


def test_what_is_published_names_no_input(stage: Any) -> None:
    stage.target = stage.target.rename(stage.folder / "grandmother.png")
    stage.driver = stage.driver.rename(stage.folder / "secret.mp4")
    render_video(stage.request(stop=0.3), stage.components, Silent())
    render_video(stage.request("frames", stop=0.1), stage.components, Silent())
    picture = render_preview(stage.request("p.mp4"), stage.components, 2, Silent())
    for path in (stage.folder / "out.mp4", stage.folder / "frames" / "000000.png", picture):
        assert is_synthetic(path)
        content = path.read_bytes()
        assert b"grandmother" not in content
        assert b"secret" not in content
    comment = read_metadata(stage.folder / "out.mp4")["comment"]
    assert comment.startswith(COMMENT)
    assert SYNTHETIC in comment


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_is_remembered_is_private(stage: Any) -> None:
    render_video(stage.request(stop=0.3), stage.components, Silent())
    assert (stage.folder / "cache").stat().st_mode & 0o777 == 0o700
