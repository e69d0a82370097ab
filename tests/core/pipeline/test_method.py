"""Eqs. 1 to 8: what each asks of its network, and what comes back."""

import pytest
import torch
from torch import Tensor

from reenactor.options import NoOptions
from reenactor.pipeline import method
from reenactor.roles import (
    BodyGenerator,
    DenseEstimator,
    FaceRefiner,
    FrameRenderer,
    Parser,
    SkeletonEstimator,
)
from reenactor.runtime import Runtime
from reenactor.values import (
    Dense,
    Frames,
    Layer,
    Motion,
    Parsing,
    People,
    Pose,
    Skeleton,
    Target,
)

FRAMES = Frames(torch.arange(24, dtype=torch.uint8).reshape(2, 2, 2, 3), (5, 6), "clip")
SKELETON = Skeleton.empty(2)
POSE = Pose(SKELETON, None, (5, 6), (2, 2))
BODY = Parsing(torch.tensor([[[1, 2], [3, 4]]] * 2, dtype=torch.uint8))


def nowhere(weight: object) -> object:
    raise AssertionError("nothing here has weights")


RUNTIME = Runtime(weight=nowhere)  # type: ignore[arg-type]  # never returns


class HP(Parser[NoOptions]):
    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        assert skeleton is SKELETON
        return Parsing(frames.pixels[..., 0])


class OP(SkeletonEstimator[NoOptions]):
    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        here = People(Skeleton.empty(1), torch.ones(1), torch.zeros(1, 4))
        return tuple(here if before is None else before for _ in range(len(frames)))


class DP(DenseEstimator[NoOptions]):
    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        assert skeleton is SKELETON
        return Dense(frames.pixels[..., 1], torch.zeros(2, 2, 2, 2))


class P2B(BodyGenerator[NoOptions, int]):
    def prepare(self, target: Target, motion: Motion) -> int:
        raise AssertionError("prepared already")

    def generate(self, prepared: int, pose: Pose) -> Parsing:
        return Parsing(torch.full((len(pose), *pose.canvas), prepared, dtype=torch.uint8))


class B2F(FrameRenderer[NoOptions, float]):
    def prepare(self, target: Target, motion: Motion) -> float:
        raise AssertionError("prepared already")

    def render(
        self, prepared: float, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        assert body is not None
        image = body.labels[:, None].expand(-1, 3, -1, -1) / 10
        mask = torch.full((len(pose), 1, *pose.canvas), prepared if past is None else 0.0)
        return Layer(image, mask)


class FR(FaceRefiner[NoOptions, float]):
    def prepare(self, target: Target) -> float:
        raise AssertionError("prepared already")

    def refine(self, prepared: float, frames: Tensor, pose: Pose, body: Parsing | None) -> Tensor:
        assert body is BODY
        return frames + prepared * len(pose)


def test_eq_1_and_2_ask_the_networks_for_the_person_of_the_key_points() -> None:
    assert torch.equal(
        method.parse(HP(NoOptions(), RUNTIME), FRAMES, SKELETON).labels, FRAMES.pixels[..., 0]
    )
    dense = method.dense_pose(DP(NoOptions(), RUNTIME), FRAMES, SKELETON)
    assert torch.equal(dense.part, FRAMES.pixels[..., 1])


def test_eq_2_hands_on_who_was_there_before() -> None:
    estimator = OP(NoOptions(), RUNTIME)
    found = method.key_points(estimator, FRAMES)
    assert [len(people) for people in found] == [1, 1]
    before = People.nobody()
    assert all(people is before for people in method.key_points(estimator, FRAMES, before))


def test_eq_3_and_6_draw_what_was_prepared_in_the_pose() -> None:
    body = method.generate_body(P2B(NoOptions(), RUNTIME), 7, POSE)
    assert bool((body.labels == 7).all())
    renderer = B2F(NoOptions(), RUNTIME)
    layer = method.render(renderer, 0.5, POSE, BODY)
    torch.testing.assert_close(layer.image[0, 2], torch.tensor([[0.1, 0.2], [0.3, 0.4]]))
    assert float(layer.mask.mean()) == 0.5
    assert float(method.render(renderer, 0.5, POSE, BODY, layer).mask.max()) == 0


def test_eq_4_and_5_embed_the_face_first_and_the_clothes_in_order() -> None:
    I = torch.rand(2, 3, 8, 8)
    p = Parsing(torch.ones(2, 8, 8, dtype=torch.uint8))

    def crops(pictures: Tensor, parsing: Parsing) -> Tensor:
        """Five flat pictures: 1 to 5, tens for the second target."""
        assert pictures is I
        assert parsing is p
        each = torch.tensor([[1.0, 2, 3, 4, 5], [10, 20, 30, 40, 50]])
        return each[:, :, None, None, None].expand(-1, -1, 3, 4, 4)

    t = method.parts(crops, I, p)
    assert t.shape == (2, 5, 3, 4, 4)

    def faces(t1: Tensor) -> Tensor:
        return torch.stack([t1.mean((1, 2, 3)), -t1.mean((1, 2, 3))], 1)

    def clothes(others: Tensor) -> Tensor:
        return others.mean((1, 2, 3))[:, None]

    wanted = [[1.0, -1, 2, 3, 4, 5], [10, -10, 20, 30, 40, 50]]
    assert method.embed(faces, clothes, t).tolist() == wanted


@pytest.mark.parametrize(("m", "wanted"), [(0.0, 0.2), (0.25, 0.35), (1.0, 0.8)])
def test_eq_7_is_z_where_the_mask_is_one_and_b_where_it_is_none(m: float, wanted: float) -> None:
    layer = Layer(torch.full((1, 3, 2, 2), 0.8), torch.full((1, 1, 2, 2), m))
    f0 = method.blend(layer, torch.full((1, 3, 2, 2), 0.2))
    torch.testing.assert_close(f0, torch.full((1, 3, 2, 2), wanted))


def test_eq_8_refines_the_blended_frame() -> None:
    f0 = torch.full((2, 3, 2, 2), 0.5)
    f = method.refine(FR(NoOptions(), RUNTIME), 0.125, f0, POSE, BODY)
    torch.testing.assert_close(f, torch.full((2, 3, 2, 2), 0.75))
