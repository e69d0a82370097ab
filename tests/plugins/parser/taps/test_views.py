"""Views: the mirror is undone, and beyond the square is background."""

import numpy as np
import pytest
import torch

from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork
from reenactor_plugins.parser.taps.locate import LocatedPerson, locate_person
from reenactor_plugins.parser.taps.network import ParsingNetwork
from reenactor_plugins.parser.taps.views import VIEWS, CropView, LabelRegion, ViewAverager


class Painter(ParsingNetwork):
    """Instead of a network: calls what is red coat, what is green left arm, all else background."""

    def forward(self, picture: torch.Tensor, pose_features: object) -> torch.Tensor:
        logits = torch.full((1, 21, 256, 256), -20.0)
        red, green = picture[:, 0] > 0, picture[:, 1] > 0
        logits[:, 7][red] = 20
        logits[:, 14][green] = 20
        logits[:, 0][~red & ~green] = 20
        return logits


@pytest.fixture(scope="module")
def seen(runtime: Runtime, drawn: Drawn) -> tuple[np.ndarray, LocatedPerson, ViewAverager]:
    """A picture with a red and a green rectangle, looked at by the painter."""
    pose = PoseNetwork(runtime)
    found = locate_person(
        pose, drawn.frames.pixels[0].numpy(), drawn.skeleton.body[0].double().numpy()
    )
    assert found is not None
    picture = np.zeros((223, 167, 3), np.uint8)
    picture[60:100, 70:90, 0] = 255
    picture[60:100, 100:120, 1] = 255
    return picture, found, ViewAverager(pose, Painter(), torch.device("cpu"), torch.float32)


@pytest.mark.parametrize("view", [CropView(), CropView(1.2), CropView(turn=0.2)])
def test_answers_come_back_to_where_they_belong(
    seen: tuple[np.ndarray, LocatedPerson, ViewAverager], view: CropView
) -> None:
    picture, found, viewer = seen
    sheet = LabelRegion(10, 20, 150, 190)
    label = viewer.probabilities(picture, found, sheet, (view,)).argmax(0)
    assert (label[42:78, 62:78] == 7).all()
    assert (label[42:78, 92:108] == 14).all()
    assert (label[:38] == 0).all()


def test_a_mirrored_view_gives_the_other_side_back(
    seen: tuple[np.ndarray, LocatedPerson, ViewAverager],
) -> None:
    picture, found, viewer = seen
    sheet = LabelRegion(0, 0, 167, 223)
    label = viewer.probabilities(picture, found, sheet, (CropView(mirrored=True),)).argmax(0)
    assert (label[62:98, 72:88] == 7).all()
    # The painter says left arm in the mirror, which is a right one outside.
    assert (label[62:98, 102:118] == 15).all()


def test_probabilities_are_shares_and_beyond_the_square_is_background(
    seen: tuple[np.ndarray, LocatedPerson, ViewAverager],
) -> None:
    picture, found, viewer = seen
    wide = np.pad(picture, ((0, 0), (0, 400), (0, 0)))
    answer = viewer.probabilities(wide, found, LabelRegion(0, 0, 567, 223), VIEWS["flip"])
    assert np.allclose(answer.sum(0), 1, atol=1e-3)
    assert np.allclose(answer[0, :, 500:], 1)
