"""Who is in a photo, and what of it is the person."""

from typing import Any

import numpy as np
import pytest
import torch

from reenactor.errors import NoPersonError
from reenactor.media.photo import Photo
from reenactor.options import NoOptions
from reenactor.pipeline.target import analyze_photo, target_on_canvas
from reenactor.progress import Silent
from reenactor.roles import Parser
from reenactor.values import Frames, Parsing, Skeleton


class Clothes(Parser[NoOptions]):
    """Everything is clothes; or nothing is."""

    label = 5

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return Parsing(torch.full((1, *frames.size), self.label, dtype=torch.uint8))


@pytest.fixture
def parser(stage: Any) -> Clothes:
    return Clothes(NoOptions(), stage.renderer.runtime)


def photo(alpha: np.ndarray | None = None) -> Photo:
    """A blue column on the wall."""
    pixels = np.full((120, 160, 3), (40, 160, 60), np.uint8)
    pixels[40:100, 70:90] = (30, 30, 220)
    return Photo(pixels, alpha, "photo")


def test_a_cut_out_keeps_what_it_covers_and_drops_the_rest(stage: Any, parser: Clothes) -> None:
    """Alpha of one half and more is the person, whatever the parser says."""
    alpha = np.zeros((120, 160), np.uint8)
    alpha[40:100, 70:90] = 255
    alpha[30:40, 70:90] = 128
    alpha[20:30, 70:90] = 127
    labels = analyze_photo(
        photo(alpha), stage.components.estimator, parser, Silent()
    ).parsing.labels[0]
    wanted = torch.zeros(120, 160, dtype=torch.uint8)
    wanted[30:100, 70:90] = 5
    assert torch.equal(labels, wanted)


def test_a_photo_without_alpha_is_left_to_the_parser(stage: Any, parser: Clothes) -> None:
    labels = analyze_photo(photo(), stage.components.estimator, parser, Silent()).parsing.labels
    assert bool((labels == 5).all())


def test_the_canvas_lies_around_the_person(stage: Any) -> None:
    portrait = analyze_photo(photo(), stage.components.estimator, stage.components.parser, Silent())
    target = target_on_canvas(portrait, (128, 96))
    assert target.image.shape == (1, 3, 128, 96)
    x0, y0, x1, y1 = target.window.box[0].tolist()
    assert x0 < 70
    assert y0 < 40
    assert x1 > 90
    assert y1 > 100
    assert (x1 - x0) / (y1 - y0) == pytest.approx(96 / 128, rel=1e-4)
    blue = target.image[0, 2] > 0.7  # the same pixels are blue and labelled
    agree = (blue == (target.parsing.labels[0] > 0)).float().mean()
    assert float(agree) > 0.97
    there = target.skeleton.body[0, :, 2] > 0
    back = target.skeleton.moved(target.window.to_source).body[0, there, :2]
    torch.testing.assert_close(back, portrait.skeleton.body[0, there, :2])


def test_a_parser_that_finds_nobody_is_told_of(stage: Any, parser: Clothes) -> None:
    parser.label = 0
    portrait = analyze_photo(photo(), stage.components.estimator, parser, Silent())
    with pytest.raises(NoPersonError, match="parser found no person"):
        target_on_canvas(portrait, (128, 96))
