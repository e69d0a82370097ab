"""The puppet in shapes that are not its own, given by the painted person's parsing."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.values import Layer, Motion, Parsing, Pose, Skeleton, Target
from reenactor_plugins.puppet.body import PuppetBody
from reenactor_plugins.puppet.fit import ANY, class_palette
from reenactor_plugins.puppet.options import PuppetOptions as BodyOptions

J = Joint
L = Label

SHIRT, TROUSERS, SKIN = ((200, 30, 40), (40, 60, 200), (220, 160, 130))

Moving = Callable[[Skeleton], tuple[Motion, Pose]]
Standing = Callable[..., Skeleton]
World = Callable[[], Tensor]
Render = Callable[..., Layer]


@pytest.fixture
def own(target: Target, moving: Moving, runtime: Runtime) -> Callable[[Skeleton], np.ndarray]:
    """The parsing that the puppet makes of a skeleton by itself."""

    def run(skeleton: Skeleton) -> np.ndarray:
        motion, pose = moving(skeleton)
        body = PuppetBody(BodyOptions(), runtime)
        return body.generate(body.prepare(target, motion), pose).labels[0].numpy().copy()

    return run


def overlap(layer: Layer, labels: np.ndarray) -> float:
    drawn, wanted = layer.mask[0, 0].numpy() > 0.5, labels > 0
    return float((drawn & wanted).sum() / (drawn | wanted).sum())


def colour(layer: Layer, where: np.ndarray) -> np.ndarray:
    """The middle colour of a region, well within it, in 0..255."""
    inner = cv2.erode(where.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert inner.sum() > 20
    pixels = layer.image[0].permute(1, 2, 0).numpy()[inner]
    return np.asarray(255 * np.median(pixels, 0))


def widened(labels: np.ndarray, factor: float) -> np.ndarray:
    middle = labels.shape[1] / 2
    matrix = np.array([[factor, 0, middle * (1 - factor)], [0, 1, 0]])
    return cv2.warpAffine(labels, matrix, labels.shape[::-1], flags=cv2.INTER_NEAREST)


def test_its_own_parsing_changes_nothing(
    standing: Standing, world: World, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    points = world()
    points[J.L_ELBOW], points[J.L_WRIST] = torch.tensor([[0.2, -0.78, 0.0], [0.22, -1.0, 0.0]])
    skeleton = standing(1, points)
    free, fitted = render(skeleton, None), render(skeleton, own(skeleton))
    assert torch.equal(free.image, fitted.image)
    assert torch.equal(free.mask, fitted.mask)


def test_nor_do_steps_of_a_pixel(
    standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    """A parsing made at half the size has stairs; the photo's outline has not."""
    labels = own(standing())
    coarse = np.kron(labels[::2, ::2], np.ones((2, 2), np.uint8))
    assert (coarse != labels).any()
    assert torch.equal(render(standing(), coarse).mask, render(standing(), None).mask)


@pytest.mark.parametrize("factor", [0.75, 1.3])
def test_a_broader_or_slimmer_person_is_filled(
    factor: float, standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    labels = widened(own(standing()), factor)
    layer = render(standing(), labels)
    assert overlap(layer, labels) > 0.93 > overlap(render(standing(), None), labels)
    for label, expected in ((L.UPPER_CLOTHES, SHIRT), (L.PANTS, TROUSERS)):
        assert colour(layer, labels == label) == pytest.approx(np.array(expected), abs=12)


def test_classes_have_their_colours_where_they_are_wanted(
    standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    """A longer shirt: the trousers' upper half becomes shirt."""
    labels = own(standing())
    rows = np.mgrid[: labels.shape[0], : labels.shape[1]][0]
    thighs = (labels == L.PANTS) & (rows < 165)
    labels[thighs] = L.UPPER_CLOTHES
    before = colour(render(standing(), None), thighs)
    after = colour(render(standing(), labels), thighs)
    assert before == pytest.approx(np.array(TROUSERS), abs=12)
    assert after == pytest.approx(np.array(SHIRT), abs=20)


def test_what_is_left_out_is_not_drawn(
    standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    labels = own(standing())
    arm = labels == L.LEFT_ARM
    labels[arm] = 0
    layer = render(standing(), labels)
    off_the_trunk = cv2.erode(arm.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert float(layer.mask[0, 0].numpy()[off_the_trunk].max()) < 0.05
    assert overlap(layer, labels) > 0.93


def test_a_part_that_lies_below_is_brought_out(
    standing: Standing, world: World, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    """The puppet has the arm before the trunk; the parsing says that it is behind."""
    points = world()
    points[J.L_ELBOW], points[J.L_WRIST] = torch.tensor([[0.25, -0.25, -0.2], [0.02, -0.2, -0.2]])
    skeleton = standing(6, points)[torch.tensor([0])]
    labels = own(skeleton)
    without = own(standing())
    forearm = (labels == L.LEFT_ARM) & (without == L.UPPER_CLOTHES)
    labels[forearm] = L.UPPER_CLOTHES
    assert colour(render(skeleton, None), forearm) == pytest.approx(np.array(SKIN), abs=15)
    assert colour(render(skeleton, labels), forearm) == pytest.approx(np.array(SHIRT), abs=15)


def test_a_class_that_the_target_does_not_wear_leaves_what_is_there(
    standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    labels = own(standing())
    legs = labels == L.PANTS
    labels[legs] = L.SKIRT
    assert torch.equal(render(standing(), labels).image, render(standing(), None).image)


def test_nobody_wanted_nobody_drawn(standing: Standing, render: Render) -> None:
    assert float(render(standing(), np.zeros((256, 160), np.uint8)).mask.max()) < 0.01


def test_a_target_of_whom_nothing_is_known_is_a_shape_in_one_colour(
    target: Target, standing: Standing, render: Render, own: Callable[[Skeleton], np.ndarray]
) -> None:
    unknown = replace(target, parsing=Parsing(torch.zeros_like(target.parsing.labels)))
    labels = own(standing())
    layer = render(standing(), labels, unknown)
    assert overlap(layer, labels) > 0.93
    inside = layer.image[0][:, torch.from_numpy(labels > 0)]
    assert float(inside.std(1).max()) < 0.01


def test_what_stands_for_what() -> None:
    labels = np.zeros((20, 20), np.uint8)
    labels[:10], labels[10:19], labels[19, :2] = L.UPPER_CLOTHES, L.LEFT_SHOE, L.SOCKS
    image = np.full((20, 20, 3), 0.25, np.float32)
    image[10:19] = (1, 0.5, 0)
    clothes = class_palette(image, labels)
    groups = clothes.groups
    assert groups[L.BACKGROUND] == 0
    assert groups[L.LEFT_SHOE] == groups[L.RIGHT_SHOE] != groups[L.UPPER_CLOTHES]
    # Two pixels of socks in 382 are no socks, and nobody wears a hat.
    assert groups[L.SOCKS] == groups[L.HAT] == ANY
    assert clothes.colours[groups[L.RIGHT_SHOE]] == pytest.approx([1, 0.5, 0])
    assert clothes.colours[groups[L.UPPER_CLOTHES]] == pytest.approx([0.25] * 3)
    share = 180 / 382
    assert clothes.colours[ANY] == pytest.approx(
        [0.25 + 0.75 * share, 0.25 + 0.25 * share, 0.25 - 0.25 * share]
    )
