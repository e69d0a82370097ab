"""`bench` compares a run with the same steps alone: what is not in both is no framework's cost."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import torch

from reenactor.media.video import probe, read_video
from reenactor.options import NoOptions
from reenactor.pipeline import bench
from reenactor.pipeline.bench import repeat_video, run_benchmark
from reenactor.progress import Silent
from reenactor.roles import FaceRefiner
from reenactor.values import Layer, Parsing, Pose, Target


class Counting(FaceRefiner[NoOptions, None]):
    """Leaves faces as they are and counts the frames."""

    def prepare(self, target: Target) -> None:
        self.refined: Counter[int] = Counter()

    def refine(
        self, prepared: None, frames: torch.Tensor, pose: Pose, body: Parsing | None
    ) -> torch.Tensor:
        self.refined.update(pose.index)
        return frames


def test_the_bare_steps_have_the_refiner_and_the_history_too(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole pass and bare loop ask the components for the very same."""
    refiner = Counting(NoOptions(), stage.renderer.runtime)
    refiner.prepare = lambda target: None  # type: ignore[method-assign]  # what is counted stays
    refiner.refined = Counter()
    calls: list[tuple[tuple[int, ...], int]] = []
    render = stage.renderer.render

    def noted(prepared: Any, pose: Pose, body: Any, past: Layer | None) -> Layer:
        calls.append((pose.index, 0 if past is None else len(past.mask)))
        made: Layer = render(prepared, pose, body, past)
        return made

    stage.renderer.render, stage.renderer.history = noted, 3
    asked: list[tuple[Any, Any]] = []

    def share(whole: Any, bare: Any) -> float:
        sides = []
        for work in (whole, bare):
            calls.clear()
            refiner.refined.clear()
            work()
            sides.append((list(calls), dict(refiner.refined)))
        asked.append((sides[0], sides[1]))
        return 0.0

    monkeypatch.setattr(bench, "_overhead", share)
    components = replace(
        stage.components, rendering=replace(stage.components.rendering, refiner=refiner)
    )
    figures = run_benchmark(stage.request(stop=2.0), components, Silent())
    assert figures.frames == 60
    _, (whole, bare) = asked  # the second pass
    assert whole == bare
    assert whole[1] == dict.fromkeys(range(60), 1)
    assert {past for _, past in whole[0]} == {0, 3}
    assert {"decode", "background", "frame", "face", "paste", "encode"} <= figures.stages.keys()


def test_a_video_is_repeated_to_any_length(stage: Any) -> None:
    long = repeat_video(stage.driver, 130, stage.folder / "long.mp4")
    assert probe(long).frames == 130
    frames = [frame.pixels for frame in read_video(probe(long))]
    for t in (0, 29, 100, 129):
        red = frames[t % 100][..., 0].astype(int) - frames[t][..., 0]
        assert abs(red).mean() < 2
