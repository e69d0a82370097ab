"""Training samples: sizes, repeatability, and that picture and labels move together."""

import numpy as np
import pytest

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.pose import TAP_CHANNELS, PoseNetwork
from reenactor_plugins.parser.taps.examples import Example, sample_of
from reenactor_plugins.parser.taps.limbs import TORSO_MAP


@pytest.fixture(scope="module")
def pose(runtime: Runtime) -> PoseNetwork:
    return PoseNetwork(runtime)


def test_what_the_network_is_example(pose: PoseNetwork, example: Example) -> None:
    sample = sample_of(example, pose, np.random.default_rng(0))
    assert sample.picture.shape == (11, 256, 192)
    assert sample.labels.shape == (256, 192)
    shapes = [tap.shape for tap in sample.taps]
    assert shapes == [(c, 128 >> i, 96 >> i) for i, c in enumerate(TAP_CHANNELS)]
    assert sample.picture.min() >= -1
    assert sample.picture.max() <= 1


@pytest.mark.parametrize("seed", range(6))
def test_picture_labels_and_limbs_move_together(
    pose: PoseNetwork, example: Example, seed: int
) -> None:
    sample = sample_of(example, pose, np.random.default_rng(seed))
    again = sample_of(example, pose, np.random.default_rng(seed))
    assert (sample.picture == again.picture).all()
    bright = sample.picture[:3].mean(0) > 0
    coat = sample.labels == 7
    assert (bright == coat).mean() > 0.97
    torso = sample.picture[3 + TORSO_MAP] > 0.5
    assert (torso & coat).sum() > 0.8 * torso.sum()


def test_the_mirror_swaps_the_sides_of_labels(pose: PoseNetwork, example: Example) -> None:
    example.labels[70:130, 150:170] = 14  # left arm, at the right
    example.picture[70:130, 150:170] = 90
    for seed in range(8):
        labels = sample_of(example, pose, np.random.default_rng(seed)).labels
        left, right = ((labels == c).sum() for c in (14, 15))
        assert min(left, right) == 0
        arm, coat = (np.nonzero(labels == c)[1].mean() for c in (14 if left else 15, 7))
        assert (arm > coat) == (left > 0)
