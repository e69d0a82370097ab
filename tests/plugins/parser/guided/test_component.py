"""The parser without training, on a drawn dancer whose truth is known."""

from dataclasses import replace

import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.options import NoOptions
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor.values import Frames, Skeleton
from reenactor_plugins.parser.guided.component import GuidedParser


@pytest.fixture(scope="module")
def parser(runtime: Runtime) -> GuidedParser:
    return GuidedParser(NoOptions(), runtime)


@pytest.fixture(scope="module")
def labels(parser: GuidedParser, drawn: Drawn) -> torch.Tensor:
    return parser.parse(drawn.frames, drawn.skeleton).labels


def test_the_silhouette_is_found(labels: torch.Tensor, drawn: Drawn) -> None:
    found, truth = labels > 0, drawn.parsing.labels > 0
    assert float((found & truth).sum() / (found | truth).sum()) > 0.8


def test_joints_have_the_classes_of_their_parts(labels: torch.Tensor, drawn: Drawn) -> None:
    wanted = {
        0: {Label.FACE},
        1: {Label.TORSO_SKIN, Label.UPPER_CLOTHES, Label.DRESS},
        10: {Label.RIGHT_LEG, Label.PANTS, Label.SKIRT, Label.DRESS},
        13: {Label.LEFT_LEG, Label.PANTS, Label.SKIRT, Label.DRESS},
        19: {Label.LEFT_SHOE},
        22: {Label.RIGHT_SHOE},
    }
    for joint, classes in wanted.items():
        x, y = drawn.skeleton.body[0, joint, :2].round().int().tolist()
        assert int(labels[0, y, x]) in classes, joint


def test_the_same_photo_gives_the_same_labels_alone_and_among_others(
    parser: GuidedParser, labels: torch.Tensor, drawn: Drawn
) -> None:
    for t in reversed(range(3)):
        alone = parser.parse(drawn.frames[t : t + 1], drawn.skeleton[t : t + 1]).labels
        assert torch.equal(alone[0], labels[t])


@pytest.mark.parametrize("size", [(57, 41), (901, 677)])
def test_labels_have_the_size_of_the_picture(
    parser: GuidedParser, drawn: Drawn, size: tuple[int, int]
) -> None:
    scale = torch.tensor([size[1] / 167, size[0] / 223])
    matrix = torch.cat([torch.diag(scale), torch.zeros(2, 1)], 1)[None]
    picture = torch.nn.functional.interpolate(drawn.frames.images[:1], size)[0]
    pixels = (picture.permute(1, 2, 0) * 255).byte()[None]
    found = parser.parse(Frames(pixels, (0,), "x"), drawn.skeleton[:1].moved(matrix)).labels
    assert found.shape == (1, *size)
    assert found.any()


def test_nobody_is_background(parser: GuidedParser, drawn: Drawn) -> None:
    assert not parser.parse(drawn.frames, Skeleton.empty(3)).labels.any()


def test_somebody_beside_the_picture_is_no_error(parser: GuidedParser, drawn: Drawn) -> None:
    away = drawn.skeleton[:1].moved(torch.tensor([[[1.0, 0, 4000], [0, 1, 0]]]))
    assert not parser.parse(drawn.frames[:1], away).labels.any()


def test_a_person_cut_by_the_border(parser: GuidedParser, drawn: Drawn) -> None:
    upper = Frames(drawn.frames.pixels[:1, :120], (0,), "upper")
    found = parser.parse(upper, drawn.skeleton[:1]).labels[0]
    truth = drawn.parsing.labels[0, :120] > 0
    assert float(((found > 0) & truth).sum() / ((found > 0) | truth).sum()) > 0.7


def test_no_frames(parser: GuidedParser, drawn: Drawn) -> None:
    assert parser.parse(drawn.frames[:0], drawn.skeleton[:0]).labels.shape == (0, 223, 167)


def test_feet_are_found_without_points_on_them(parser: GuidedParser, drawn: Drawn) -> None:
    """18 points end at the ankles: what is below is shoes all the same, on each side its own."""
    body = drawn.skeleton.body[:1].clone()
    body[:, Joint.L_BIG_TOE :] = 0
    labels = parser.parse(drawn.frames[:1], replace(drawn.skeleton[:1], body=body)).labels[0]
    for joint, shoe in ((19, Label.LEFT_SHOE), (22, Label.RIGHT_SHOE)):
        x, y = drawn.skeleton.body[0, joint, :2].round().int().tolist()
        assert int(labels[y, x]) == shoe
