"""The losses of `taps`, by hand."""

import numpy as np
import pytest
import torch

from reenactor_plugins.parser.taps.loss import class_weights, taps_loss
from reenactor_plugins.parser.taps.settings import TapsSettings


def test_two_cross_entropies_and_their_weights() -> None:
    random = torch.Generator().manual_seed(0)
    logits, coarse = torch.randn(1, 21, 16, 16, generator=random), torch.zeros(1, 21, 2, 2)
    labels = torch.full((1, 16, 16), 3, dtype=torch.uint8)
    loss = taps_loss(logits, coarse, labels, torch.ones(21))
    assert float(loss.entropy) == pytest.approx(float(-logits.log_softmax(1)[:, 3].mean()))
    assert float(loss.auxiliary) == pytest.approx(np.log(21))
    expected = float(loss.entropy) + 0.3 * np.log(21)
    assert float(loss.total(TapsSettings())) == pytest.approx(expected)
    others = TapsSettings(lambda_ce=2, lambda_auxiliary=5)
    expected = 2 * float(loss.entropy) + 5 * np.log(21)
    assert float(loss.total(others)) == pytest.approx(expected)


def test_the_coarse_answer_is_compared_with_the_middle_of_each_pixel() -> None:
    labels = torch.zeros(1, 16, 16, dtype=torch.uint8)
    labels[:, 4, 12] = 5  # the middle of the upper right one
    coarse = torch.zeros(1, 21, 2, 2)
    coarse[0, 0] = coarse[0, 5, 0, 1] = 100
    coarse[0, 0, 0, 1] = 0
    loss = taps_loss(torch.zeros(1, 21, 16, 16), coarse, labels, torch.ones(21))
    assert float(loss.auxiliary) == pytest.approx(0, abs=1e-6)


def test_a_class_counts_by_its_weight() -> None:
    labels = torch.tensor([[[1, 2]]], dtype=torch.uint8)
    logits = torch.zeros(1, 21, 1, 2)
    logits[0, 1, 0, 0] = 50  # right, and the other pixel knows nothing
    weight = torch.ones(21)
    weight[2] = 3
    loss = taps_loss(logits, logits, labels, weight)
    assert float(loss.entropy) == pytest.approx(3 * np.log(21) / 4)


def test_rare_classes_count_more() -> None:
    shares = np.zeros(21)
    shares[[0, 7, 9]] = 0.8, 0.18, 0.02
    weights = class_weights(shares)
    assert weights[0] == 0.5
    assert weights[3] == 4  # nowhere
    assert float(weights[7]) == pytest.approx((0.02 / 0.18) ** 0.4)
    assert float(weights[9]) == 1
