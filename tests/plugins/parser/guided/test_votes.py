"""Votes of places and colours, for somebody whose clothes have clear colours."""

import numpy as np
import pytest

from reenactor.labels import NUM_LABELS, Label
from reenactor.testing.cartoon import Drawn
from reenactor_plugins.parser.guided.body_geometry import BodyGeometry
from reenactor_plugins.parser.guided.votes import votes_of

SAME = {
    Label.LEFT_HAND: Label.LEFT_ARM,
    Label.RIGHT_HAND: Label.RIGHT_ARM,
    Label.TORSO_SKIN: Label.FACE,
    Label.COAT: Label.UPPER_CLOTHES,
}
"""Classes that the votes do not tell apart: hands and neck come later, coats never."""


@pytest.fixture(scope="module")
def votes(figure: BodyGeometry, drawn: Drawn) -> np.ndarray:
    inside = drawn.parsing.labels[0].numpy() > 0
    return votes_of(drawn.frames.pixels[0].numpy(), inside, figure)


def test_most_of_the_person_is_called_what_it_is(votes: np.ndarray, drawn: Drawn) -> None:
    truth = drawn.parsing.labels[0].numpy()
    table = np.array([SAME.get(Label(c), Label(c)) for c in range(NUM_LABELS)])
    found, wanted = votes.argmax(0), table[truth]
    assert (found == wanted)[truth > 0].mean() > 0.7


def test_only_classes_of_a_body_get_votes(votes: np.ndarray) -> None:
    assert votes.min() >= 0
    never = [Label.BACKGROUND, Label.GLOVES, Label.SUNGLASSES, Label.LEFT_HAND, Label.RIGHT_HAND]
    assert not votes[never].any()
    assert not votes[Label.TORSO_SKIN].any()
