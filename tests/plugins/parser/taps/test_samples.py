"""Training samples: sizes, repeatability, and that picture and labels move together."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.training.shards import Shards
from reenactor_plugins.networks.mediapipe.pose import FEATURE_CHANNELS
from reenactor_plugins.parser.taps.limbs import TORSO_MAP
from reenactor_plugins.parser.taps.samples import (
    POSE_FEATURES,
    Squares,
    pixels_of,
    pose_features_of,
)
from reenactor_plugins.parser.taps.settings import TapsSettings

MakeStanding = Callable[..., Shards]


def test_what_the_network_is_given(standing_shards: MakeStanding) -> None:
    sample = Squares(standing_shards(), TapsSettings(), vary=True).sample(
        0, np.random.default_rng(0)
    )
    assert sample["picture"].shape == (11, 256, 192)
    assert sample["truth"].shape == (256, 192)
    shapes = [tuple(sample[name].shape) for name in POSE_FEATURES]
    assert shapes == [(c, 128 >> i, 96 >> i) for i, c in enumerate(FEATURE_CHANNELS)]
    assert sample["picture"].min() >= -1
    assert sample["picture"].max() <= 1
    batch = {key: value[None] for key, value in sample.items()}
    assert [tuple(features.shape[1:]) for features in pose_features_of(batch)] == shapes
    pixels = pixels_of(batch)
    assert torch.equal(pixels, ((batch["picture"][:, :3].double() + 1) * 127.5).round().byte())


@pytest.mark.parametrize("seed", range(6))
def test_picture_labels_and_limbs_move_together(standing_shards: MakeStanding, seed: int) -> None:
    squares = Squares(standing_shards(), TapsSettings(), vary=True)
    sample = squares.sample(0, np.random.default_rng(seed))
    again = squares.sample(0, np.random.default_rng(seed))
    assert torch.equal(sample["picture"], again["picture"])
    bright = sample["picture"][:3].mean(0) > 0
    coat = sample["truth"] == Label.COAT
    assert (bright == coat).float().mean() > 0.97
    torso = sample["picture"][3 + TORSO_MAP] > 0.5
    assert (torso & coat).sum() > 0.8 * torso.sum()


def test_the_mirror_swaps_the_sides_of_labels(standing_shards: MakeStanding) -> None:
    def with_an_arm(labels: np.ndarray, picture: np.ndarray) -> None:
        labels[70:130, 150:170] = Label.LEFT_ARM  # at the right
        picture[70:130, 150:170] = 90

    squares = Squares(standing_shards(with_an_arm), TapsSettings(), vary=True)
    mirrored = set()
    for seed in range(8):
        labels = squares.sample(0, np.random.default_rng(seed))["truth"].numpy()
        left, right = ((labels == c).sum() for c in (Label.LEFT_ARM, Label.RIGHT_ARM))
        assert min(left, right) == 0
        arm, coat = (
            np.nonzero(labels == c)[1].mean()
            for c in (Label.LEFT_ARM if left else Label.RIGHT_ARM, Label.COAT)
        )
        assert (arm > coat) == (left > 0)
        mirrored.add(bool(right))
    assert mirrored == {False, True}


def test_validation_sees_the_square_of_the_parser(standing_shards: MakeStanding) -> None:
    squares = Squares(standing_shards(), TapsSettings(), vary=False)
    sample = squares.sample(0, np.random.default_rng(0))
    assert torch.equal(sample["picture"], squares.sample(0, np.random.default_rng(1))["picture"])
    rows = (sample["truth"] == Label.COAT).any(1).nonzero()
    # 60 of the 157 pixels from ear to toe, of which the square shows 1.25 times the farthest reach
    assert 40 <= int(rows.max() - rows.min()) <= 80


def test_which_part_of_all_pixels_each_class_has(standing_shards: MakeStanding) -> None:
    def with_skin(labels: np.ndarray, picture: np.ndarray) -> None:
        labels[:8] = Label.TORSO_SKIN
        labels[8:12] = Label.LEFT_HAND

    shares = Squares(standing_shards(with_skin), TapsSettings(), vary=False).shares
    assert shares[Label.COAT] == pytest.approx(60 * 45 / 256**2)
    assert shares[Label.FACE] == pytest.approx(8 / 256)
    assert shares[Label.LEFT_ARM] == pytest.approx(4 / 256)
    assert shares.sum() == pytest.approx(1)


def test_somebody_without_a_torso_is_not_learnt_from(standing_shards: MakeStanding) -> None:
    """The parser would label nothing."""
    heads = (Joint.NOSE, Joint.L_EAR, Joint.R_EAR)
    squares = Squares(standing_shards(seen=lambda joint: joint in heads), TapsSettings(), vary=True)
    assert len(squares) == 0
    with pytest.raises(InputError, match="no example shows a torso"):
        squares.require_some()
