"""Hands become arms."""

import torch

from reenactor.labels import Label
from reenactor.values import Parsing
from reenactor_plugins.networks.hands import without_hands


def test_hands_become_the_arms_of_their_side_and_all_else_stays() -> None:
    all_classes = torch.arange(22, dtype=torch.uint8).view(1, 1, 22)
    expected = [*range(20), Label.LEFT_ARM, Label.RIGHT_ARM]
    assert without_hands(Parsing(all_classes)).labels.flatten().tolist() == expected
