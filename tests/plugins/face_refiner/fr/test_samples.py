"""What FR learns from: crops of one face, aligned alike, and only where there is one."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.errors import InputError
from reenactor.options import NoOptions
from reenactor.roles import FrameRenderer
from reenactor.runtime import Runtime
from reenactor.training.shards import Shards
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.face_refiner.fr.alignment import align, faces_of
from reenactor_plugins.face_refiner.fr.rendered import frame_of
from reenactor_plugins.face_refiner.fr.samples import Faces, face_patch, worse
from reenactor_plugins.face_refiner.fr.settings import FRSettings

MakeShards = Callable[..., Path]
CANVAS = (512, 320)
STILL = {"turn": 0.0, "scale": 1.0, "shift": 0.0}


class Copying(FrameRenderer[NoOptions, Target]):
    """Gives the target's picture whole, whatever is asked for, and counts."""

    def __init__(self) -> None:
        super().__init__(NoOptions(), Runtime(weight=lambda weight: Path(weight.file)))
        self.rendered = 0

    def prepare(self, target: Target, motion: Motion) -> Target:
        assert len(motion) == 1
        return target

    def render(
        self, prepared: Target, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        assert body is not None
        self.rendered += 1
        return Layer(prepared.image, torch.ones(1, 1, *pose.canvas))


def faces(
    data: Path, renderer: Copying | None = None, *, vary: bool = False, **settings: Any
) -> Faces:
    render = None if renderer is None else partial(frame_of, renderer)
    return Faces(Shards([data]), FRSettings(**settings), 64, render, vary=vary)


def drawn(samples: Faces, index: int, seed: int) -> dict[str, Tensor]:
    return dict(samples.sample(index, np.random.default_rng(seed)))


def test_only_faces_that_are_large_enough_count(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2, canvas=CANVAS)
    assert len(faces(data)) == 2
    assert len(faces(data, smallest=60.0)) == 0
    assert len(faces(drawn_shards("small", people=1, poses=2))) == 0


def test_a_canvas_that_is_too_small_is_told_with_one_that_is_not(drawn_shards: MakeShards) -> None:
    small = faces(drawn_shards("small", people=1, poses=2, canvas=(128, 80)))
    with pytest.raises(InputError, match="every face is too small") as caught:
        small.require_some()
    assert "128x80" in caught.value.given
    match = re.search(r"a canvas of (\d+)x(\d+)", caught.value.expected)
    assert match is not None
    height, width = int(match[1]), int(match[2])
    assert f"--height {height} --width {width}" in caught.value.advice
    faces(drawn_shards("large", people=1, poses=2, canvas=(height, width))).require_some()
    assert (
        len(faces(drawn_shards("less", people=1, poses=2, canvas=(height - 64, width - 40)))) == 0
    )


def test_nobody_shows_a_face(drawn_shards: MakeShards, monkeypatch: pytest.MonkeyPatch) -> None:
    none = faces(drawn_shards("small", people=1, poses=1, canvas=(128, 80)))
    monkeypatch.setattr("reenactor_plugins.face_refiner.fr.samples.between_eyes", lambda face: 0.0)
    with pytest.raises(InputError, match="no example shows a face"):
        none.require_some()


def test_the_crops_are_those_of_the_component(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1, canvas=CANVAS)
    own = Shards([data])[0]
    picture = own.image.permute(0, 3, 1, 2).float() / 255
    expected = faces_of(picture, align(own.skeleton.face, 64))[0]
    renderer = Copying()
    sample = drawn(faces(data, renderer), 0, 0)
    for name in ("truth", "identity", "before"):
        torch.testing.assert_close(sample[name], expected, atol=1e-3, rtol=1e-3)


def test_a_face_is_rendered_once_from_another_picture(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2, canvas=CANVAS)
    renderer = Copying()
    samples = faces(data, renderer, other_frame=1.0)
    first = drawn(samples, 0, 0)
    for seed in range(1, 4):
        assert torch.equal(drawn(samples, 0, seed)["before"], first["before"])
    assert renderer.rendered == 1
    shards = Shards([data])
    other = face_patch(shards[0], shards[1].image, 64)
    torch.testing.assert_close(
        first["before"], samples._cut(other, torch.eye(3)), atol=1e-3, rtol=1e-3
    )


def test_the_renderer_draws_over_the_background_where_it_is_known(
    drawn_shards: MakeShards,
) -> None:
    class Nothing(Copying):
        def render(
            self, prepared: Target, pose: Pose, body: Parsing | None, past: Layer | None
        ) -> Layer:
            return Layer(prepared.image, torch.zeros(1, 1, *pose.canvas))

    own = Shards([drawn_shards(people=1, poses=1)])[0]
    picture = own.image.permute(0, 3, 1, 2).float() / 255
    assert torch.equal(frame_of(Nothing(), own, own), picture)
    empty = replace(own, background=torch.zeros_like(own.image))
    assert not frame_of(Nothing(), empty, own).any()


def test_views_move_frame_and_truth_alike(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1, canvas=CANVAS)
    samples = faces(data, Copying(), vary=True, colour=0.2)
    for seed in range(4):
        sample = drawn(samples, 0, seed)
        torch.testing.assert_close(sample["before"], sample["truth"], atol=2e-3, rtol=1e-3)
        assert not torch.allclose(sample["truth"], sample["identity"], atol=1e-2)


def test_a_view_turns_about_the_middle(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1, canvas=CANVAS)
    samples = faces(data, vary=True, turn=30.0, scale=1.3, shift=0.0)
    middle = torch.tensor([31.5, 31.5, 1.0])
    for seed in range(3):
        view = samples._view(np.random.default_rng(seed))
        torch.testing.assert_close(view @ middle, middle, atol=1e-3, rtol=0)
        scale = float(view[:2, 0].norm())
        assert 1 / 1.3 <= scale <= 1.3
        assert float(view[0, 0] * view[1, 1] - view[0, 1] * view[1, 0]) == pytest.approx(scale**2)


def test_without_a_renderer_the_true_face_is_made_worse() -> None:
    torch.manual_seed(0)
    checks = (torch.arange(64)[:, None] // 2 + torch.arange(64) // 2) % 2
    truth = checks.float().expand(3, -1, -1).clone()
    for seed in range(4):
        made = worse(truth, 4.0, np.random.default_rng(seed))
        assert made.shape == truth.shape
        assert 0 <= float(made.min()) <= float(made.max()) <= 1
        assert float(made.std()) < 0.8 * float(truth.std())
        assert abs(float(made.mean() - truth.mean())) < 0.1
