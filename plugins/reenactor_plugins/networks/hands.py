"""Parsings without the two hand classes: the ablations of Figs. 5 (d) and 6 (e)."""

import torch

from reenactor.labels import NUM_LABELS, Label
from reenactor.values import Parsing

_TO_ARMS = tuple(
    {Label.LEFT_HAND: Label.LEFT_ARM, Label.RIGHT_HAND: Label.RIGHT_ARM}.get(Label(i), Label(i))
    for i in range(NUM_LABELS)
)


def without_hands(parsing: Parsing) -> Parsing:
    """Relabel hands as the arms they belong to, as in VIP's 20 classes."""
    table = torch.tensor(_TO_ARMS, dtype=torch.uint8, device=parsing.labels.device)
    return Parsing(table[parsing.labels.long()])
