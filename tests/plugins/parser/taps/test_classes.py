"""From the network's classes to the house's: total, and nothing lost."""

import numpy as np

from reenactor.labels import NUM_LABELS, Label
from reenactor_plugins.parser.taps.classes import (
    BAG,
    NEAREST,
    OURS,
    in_networks_classes,
    in_our_classes,
)
from reenactor_plugins.parser.taps.network import NUM_CLASSES
from reenactor_plugins.parser.taps.views import MIRRORED_CLASSES


def test_every_class_becomes_one_of_ours_or_a_bag() -> None:
    assert len(OURS) == NUM_CLASSES
    assert all(0 <= label <= BAG for label in OURS)
    assert BAG == NUM_LABELS


def test_only_jumpsuits_and_bags_change_their_number() -> None:
    changed = {theirs: ours for theirs, ours in enumerate(OURS) if theirs != ours}
    assert changed == {10: Label.DRESS, 20: BAG}


def test_probabilities_are_added_and_none_is_lost() -> None:
    theirs = np.random.default_rng(0).dirichlet(np.ones(21), (4, 5)).transpose(2, 0, 1)
    ours = in_our_classes(theirs.astype(np.float32))
    assert np.allclose(ours.sum(0), 1, atol=1e-5)
    assert np.allclose(ours[Label.DRESS], theirs[6] + theirs[10], atol=1e-6)
    assert not ours[[Label.TORSO_SKIN, Label.LEFT_HAND, Label.RIGHT_HAND]].any()


def test_the_mirror_swaps_sides_and_undoes_itself() -> None:
    twice = [MIRRORED_CLASSES[MIRRORED_CLASSES[c]] for c in range(NUM_CLASSES)]
    assert twice == list(range(NUM_CLASSES))
    moved = {c for c in range(NUM_CLASSES) if MIRRORED_CLASSES[c] != c}
    assert moved == {14, 15, 16, 17, 18, 19}


def test_what_the_network_is_taught_comes_back() -> None:
    """There and back: but for hands, which are drawn again, and skin, which the chin parts."""
    back = np.array(NEAREST)[in_networks_classes(np.arange(NUM_LABELS, dtype=np.uint8)[None])[0]]
    changed = {label: ours for label, ours in enumerate(back.tolist()) if label != ours}
    assert changed == {
        Label.TORSO_SKIN: Label.FACE,
        Label.LEFT_HAND: Label.LEFT_ARM,
        Label.RIGHT_HAND: Label.RIGHT_ARM,
    }
    assert NEAREST[20] == Label.BACKGROUND
