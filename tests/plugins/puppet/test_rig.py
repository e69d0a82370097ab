"""The puppet as a whole, through the two components that use it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.values import Layer, Motion, Parsing, Pose, Skeleton, Target
from reenactor_plugins.puppet.body import PuppetBody
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.options import PuppetOptions as BodyOptions
from reenactor_plugins.puppet.renderer import PuppetRenderer
from reenactor_plugins.puppet.rig import puppet

J = Joint
L = Label

Moving = Callable[[Skeleton], tuple[Motion, Pose]]
Standing = Callable[..., Skeleton]
World = Callable[[], Tensor]


def raised(world: Tensor) -> Tensor:
    """The left arm straight up."""
    world[J.L_ELBOW] = torch.tensor([0.2, -0.78, 0.0])
    world[J.L_WRIST] = torch.tensor([0.22, -1.0, 0.0])
    return world


def turned(world: Tensor, degrees: float) -> Tensor:
    angle = torch.deg2rad(torch.tensor(degrees))
    x, z = world[:, 0].clone(), world[:, 2].clone()
    world[:, 0] = x * angle.cos() - z * angle.sin()
    world[:, 2] = x * angle.sin() + z * angle.cos()
    return world


def colour_near(layer: Layer, point: Tensor, reach: int = 2) -> Tensor:
    x, y = (int(v) for v in point[:2].round())
    area = np.s_[y - reach : y + reach + 1, x - reach : x + reach + 1]
    weight = layer.mask[0, 0][area]
    return (layer.image[0][:, area[0], area[1]] * weight).sum((1, 2)) / weight.sum().clamp(min=1e-6)


def test_in_the_photos_own_pose_the_photo_comes_back(
    target: Target, standing: Standing, render: Callable[..., Layer]
) -> None:
    layer = render(standing())
    person = target.parsing.mask[0, 0] > 0
    got = layer.mask[0, 0] > 0.5
    overlap = float((person & got).sum() / (person | got).sum())
    assert overlap > 0.85
    both = person & got
    difference = (layer.image - target.image).abs().mean(1)[0][both]
    assert float(difference.median()) < 0.02
    assert float(difference.mean()) < 0.06


def test_shapes_and_ranges(standing: Standing, render: Callable[..., Layer]) -> None:
    layer = render(standing(3))
    assert layer.image.shape == (3, 3, 256, 160)
    assert layer.mask.shape == (3, 1, 256, 160)
    for values in (layer.image, layer.mask):
        assert values.dtype == torch.float32
        assert float(values.min()) >= 0
        assert float(values.max()) <= 1


def test_an_arm_is_raised(standing: Standing, world: World, render: Callable[..., Layer]) -> None:
    skeleton = standing(world=raised(world()))
    layer = render(skeleton)
    skin = torch.tensor([220, 160, 130]) / 255
    forearm = (skeleton.body[0, J.L_ELBOW] + skeleton.body[0, J.L_WRIST]) / 2
    torch.testing.assert_close(colour_near(layer, forearm), skin, atol=0.08, rtol=0)
    was = standing().body[0, J.L_WRIST]
    assert float(layer.mask[0, 0, int(was[1]) + 4, int(was[0]) + 4]) < 0.1


def test_who_turns_away_shows_hair_in_place_of_the_face(
    standing: Standing, world: World, render: Callable[..., Layer]
) -> None:
    back = standing(world=turned(world(), 180))
    nose = (back.body[0, J.L_EAR] + back.body[0, J.R_EAR]) / 2
    assert float(colour_near(render(back), nose)[0]) < 0.45
    front = render(back, turn=False)
    assert float(colour_near(front, nose)[0]) > 0.7


def test_a_trunk_seen_from_the_side_is_narrower(
    standing: Standing, world: World, render: Callable[..., Layer]
) -> None:
    row = int(standing().body[0, J.NECK, 1]) + 30
    shirt = torch.tensor([200, 30, 40]) / 255

    def width(layer: Layer) -> int:
        near = (layer.image[0, :, row] - shirt[:, None]).abs().amax(0) < 0.2
        return int((near & (layer.mask[0, 0, row] > 0.5)).sum())

    side = width(render(standing(world=turned(world(), 80))))
    assert 0 < side < 0.85 * width(render(standing()))


def test_many_frames_equal_one_by_one_and_twice_the_same(
    target: Target, standing: Standing, world: World, moving: Moving, runtime: Runtime
) -> None:
    parts = [
        standing(4), standing(4, raised(world())), standing(4, turned(world(), 60)),
    ]  # fmt: skip
    motion, pose = moving(Skeleton.joined(parts))
    renderer, body = PuppetRenderer(PuppetOptions(), runtime), PuppetBody(BodyOptions(), runtime)
    prepared, again = renderer.prepare(target, motion), renderer.prepare(target, motion)
    shape = body.prepare(target, motion)
    layer = renderer.render(prepared, pose, None, None)
    labels = body.generate(shape, pose).labels
    for t in (11, 0, 5):
        one = Pose(pose.skeleton[t : t + 1], None, (t,), pose.canvas)
        alone = renderer.render(again, one, None, None)
        assert torch.equal(alone.image[0], layer.image[t])
        assert torch.equal(alone.mask[0], layer.mask[t])
        assert torch.equal(body.generate(shape, one).labels[0], labels[t])


def test_nobody_gives_an_empty_layer(
    target: Target, standing: Standing, moving: Moving, runtime: Runtime
) -> None:
    skeleton = Skeleton.joined(
        [standing(2), replace(Skeleton.empty(1), world=torch.zeros(1, 25, 3))]
    )
    motion, pose = moving(skeleton)
    renderer, body = PuppetRenderer(PuppetOptions(), runtime), PuppetBody(BodyOptions(), runtime)
    layer = renderer.render(renderer.prepare(target, motion), pose, None, None)
    assert float(layer.mask[1].max()) == 1
    assert float(layer.mask[2].max()) == 0
    labels = body.generate(body.prepare(target, motion), pose).labels
    assert int(labels[2].max()) == 0


@pytest.mark.parametrize("absent", ["parsing", "skeleton"])
def test_a_target_of_whom_nothing_is_known_is_invisible(
    absent: str, target: Target, standing: Standing, render: Callable[..., Layer]
) -> None:
    if absent == "parsing":
        person = replace(target, parsing=Parsing(torch.zeros_like(target.parsing.labels)))
    else:
        person = replace(target, skeleton=Skeleton.empty(1))
    layer = render(standing(2), person=person)
    assert float(layer.mask.max()) == 0


def test_without_depth_in_either_it_works(
    target: Target, standing: Standing, render: Callable[..., Layer]
) -> None:
    flat = replace(standing(3), world=None)
    layer = render(flat, person=replace(target, skeleton=replace(target.skeleton, world=None)))
    person = target.parsing.mask[0, 0] > 0
    got = layer.mask[0, 0] > 0.5
    assert float((person & got).sum() / (person | got).sum()) > 0.8


def test_an_upper_body_stays_one(
    target: Target, standing: Standing, render: Callable[..., Layer]
) -> None:
    """The photo ends at the hips: nothing is made up below, and the edge is soft."""
    cut = 150
    photo = replace(target.photo, pixels=target.photo.pixels[:, :cut])
    labels = target.parsing.labels.clone()
    labels[:, cut:] = 0
    skeleton = standing()
    skeleton.body[0, [10, 11, 13, 14, *range(19, 25)]] = 0
    layer = render(
        standing(2), person=replace(target, photo=photo, parsing=Parsing(labels), skeleton=skeleton)
    )
    assert float(layer.mask[:, :, 60:110].max()) == 1
    assert float(layer.mask[:, :, 190:].max()) < 0.05
    column = layer.mask[0, 0, :, 93]  # a thigh
    edge = (column > 0.05) & (column < 0.95)
    assert int(edge[100:].sum()) >= 3


def test_a_zoomed_camera_gives_a_zoomed_puppet(
    target: Target, standing: Standing, moving: Moving, runtime: Runtime
) -> None:
    motion, pose = moving(standing(2))
    matrix = torch.tensor([[0.5, 0.0, 40.0], [0.0, 0.5, 60.0]])[None].repeat(2, 1, 1)
    renderer = PuppetRenderer(PuppetOptions(), runtime)
    prepared = renderer.prepare(target, motion)
    whole = renderer.render(prepared, pose, None, None).mask.sum((1, 2, 3))
    small = replace(pose, skeleton=pose.skeleton.moved(matrix))
    half = renderer.render(prepared, small, None, None).mask.sum((1, 2, 3))
    torch.testing.assert_close(half / whole, torch.full((2,), 0.25), atol=0.03, rtol=0)


def test_the_body_has_the_layers_outline_and_the_targets_classes(
    target: Target, standing: Standing, world: World, moving: Moving, runtime: Runtime
) -> None:
    motion, pose = moving(standing(2, raised(world())))
    renderer, body = PuppetRenderer(PuppetOptions(), runtime), PuppetBody(BodyOptions(), runtime)
    mask = renderer.render(renderer.prepare(target, motion), pose, None, None).mask[0, 0] > 0.5
    parsing = body.generate(body.prepare(target, motion), pose)
    labels = parsing.labels[0]
    drawn = labels > 0
    assert float((mask & drawn).sum() / (mask | drawn).sum()) > 0.93
    assert set(labels.flatten().tolist()) <= set(target.parsing.labels.flatten().tolist())
    wrist = pose.skeleton.body[0, J.L_WRIST]
    assert int(labels[int(wrist[1]), int(wrist[0])]) == L.LEFT_ARM


def test_a_folded_arm_passes_before_the_trunk_or_behind_it(
    standing: Standing, world: World, render: Callable[..., Layer]
) -> None:
    def folded(depth: float) -> Skeleton:
        points = world()
        points[J.L_ELBOW] = torch.tensor([0.25, -0.25, depth])
        points[J.L_WRIST] = torch.tensor([0.02, -0.2, depth])
        return standing(6, points)

    skin, shirt = torch.tensor([220, 160, 130]) / 255, torch.tensor([200, 30, 40]) / 255
    before, behind = folded(-0.2), folded(0.3)
    place = before.body[0, J.L_WRIST] * 0.7 + before.body[0, J.L_ELBOW] * 0.3
    torch.testing.assert_close(colour_near(render(before), place, 1), skin, atol=0.1, rtol=0)
    torch.testing.assert_close(colour_near(render(behind), place, 1), shirt, atol=0.1, rtol=0)


@pytest.mark.parametrize(("side", "inward"), [("left", 1), ("right", -1)])
def test_thighs_under_a_jacket_reach_the_crotch(
    side: str, inward: int, target: Target, standing: Standing, moving: Moving
) -> None:
    """Where the photo hides them: else a wide stance would show a notch beside the crotch."""
    labels = target.parsing.labels.clone()
    x, y = (int(v) for v in target.skeleton.body[0, J.MID_HIP, :2])
    labels[0, y : y + 14, x - 22 : x + 23] = int(L.UPPER_CLOTHES)
    motion, _ = moving(standing())
    strip = (
        puppet(replace(target, parsing=Parsing(labels)), motion, PuppetOptions()).legs[side].upper
    )
    assert strip is not None
    row = round((0.05 * 120 - strip.start) * strip.fine)
    opaque = np.flatnonzero(strip.texture.colour[row, :, 3] > 127) / strip.fine - strip.reach
    assert (opaque * inward).max() == pytest.approx(0.1 * 120, abs=1.5)
