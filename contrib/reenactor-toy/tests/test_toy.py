from pathlib import Path

import pytest
import torch

from reenactor.errors import WeightsError
from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.manifest import Weight
from reenactor.runtime import Runtime
from reenactor.values import Frames
from reenactor_toy.bands import ToyBands
from reenactor_toy.blob import ToyBlob
from reenactor_toy.manifest import reenactor_components
from reenactor_toy.options import BandsOptions, BlobOptions


def no_weights(weight: Weight) -> Path:
    raise WeightsError(f"the toy has no weights, and none called {weight.name}")


RUNTIME = Runtime(weight=no_weights)


@pytest.fixture
def frames() -> Frames:
    """An empty grey wall, and one with somebody in red from (40, 20) to (79, 179)."""
    pixels = torch.full((2, 200, 120, 3), 128, dtype=torch.uint8)
    pixels[1, 20:180, 40:80] = torch.tensor([200, 30, 30], dtype=torch.uint8)
    return Frames(pixels, (0, 1), "wall")


def test_the_estimator_finds_who_is_there(frames: Frames) -> None:
    nobody, somebody = ToyBlob(BlobOptions(), RUNTIME).estimate(frames)
    assert len(nobody) == 0
    assert somebody.box.tolist() == [[40, 20, 79, 179]]
    neck = somebody.skeleton.body[0, Joint.NECK].tolist()
    assert neck == pytest.approx([40 + 39 * 0.5, 20 + 159 * 0.18, 1])
    left, right = (somebody.skeleton.body[0, j, 0] for j in (Joint.L_WRIST, Joint.R_WRIST))
    assert left > right  # the person faces us: their left is on the picture's right


def test_the_parser_labels_by_height(frames: Frames) -> None:
    people = ToyBlob(BlobOptions(), RUNTIME).estimate(frames[1:])
    labels = ToyBands(BandsOptions(), RUNTIME).parse(frames[1:], people[0].skeleton).labels[0]
    column = torch.unique_consecutive(labels[:, 60])
    assert column.tolist() == [
        Label.BACKGROUND,
        Label.FACE,
        Label.UPPER_CLOTHES,
        Label.PANTS,
        Label.RIGHT_SHOE,
        Label.BACKGROUND,
    ]
    assert not labels[:, :40].any()
    assert not labels[:, 80:].any()


def test_a_threshold_that_hides_everybody(frames: Frames) -> None:
    (people,) = ToyBlob(BlobOptions(threshold=120), RUNTIME).estimate(frames[1:])
    assert len(people) == 0


def test_the_manifest() -> None:
    assert [info.name for info in reenactor_components()] == ["toy-blob", "toy-bands"]
