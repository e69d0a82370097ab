"""Eq. 5: what goes where, and its length."""

import numpy as np
import pytest
import torch
from torch import nn

from reenactor_plugins.frame_renderer.b2f.encoders import (
    AppearanceEncoder,
    FeatureStatistics,
    paper_encoder,
    small_encoder,
    vgg_encoder,
)
from reenactor_plugins.networks.frozen import Frozen, trained_tensors
from reenactor_plugins.networks.vgg import VGG19Features


class Mean(nn.Module):
    """Mean colour plus a constant."""

    def __init__(self, plus: float) -> None:
        super().__init__()
        self.plus = plus

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean((2, 3)) + self.plus


def test_the_face_comes_first_then_the_others_in_order() -> None:
    encoder = AppearanceEncoder(Mean(100), Mean(0), crop=2, embedding=15)
    t = torch.arange(10.0).view(2, 5, 1, 1, 1).expand(2, 5, 3, 2, 2)
    expected = torch.tensor([[100, 1, 2, 3, 4], [105, 6, 7, 8, 9]]).float()
    torch.testing.assert_close(encoder(t), expected.repeat_interleave(3, 1))


def test_the_papers_embedding_is_2048_and_4_times_512() -> None:
    with torch.device("meta"):
        encoder = paper_encoder()
        assert encoder.embedding == 2048 + 4 * 512 == 4096
        assert encoder.crop == 224
        assert encoder(torch.empty(2, 5, 3, 224, 224)).shape == (2, 4096)
    assert isinstance(encoder.face, Frozen)
    assert isinstance(encoder.garment, Frozen)
    assert not trained_tensors(encoder)


def test_the_small_encoder_is_trained() -> None:
    encoder = small_encoder(2, 7, 32)
    e_z = encoder(torch.rand(3, 5, 3, 32, 32))
    assert e_z.shape == (3, 35)
    assert encoder.embedding == 35
    e_z.square().sum().backward()
    assert all(p.grad is not None for p in encoder.parameters())


def test_the_first_layers_of_vgg19_give_64_128_and_256_means_and_deviations() -> None:
    encoder = vgg_encoder(32)
    assert encoder.embedding == 5 * 2 * (64 + 128 + 256) == 4480
    assert encoder(torch.rand(2, 5, 3, 32, 32)).shape == (2, 4480)
    assert not trained_tensors(encoder)


def test_statistics_are_each_channels_mean_and_deviation_layer_by_layer() -> None:
    torch.manual_seed(0)
    statistics = FeatureStatistics(VGG19Features(2))
    pictures = torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        found = statistics(pictures)[0].numpy()
        first, second = (tap[0].numpy() for tap in statistics.vgg(pictures))
    assert found[5] == pytest.approx(np.mean(first[5]), rel=1e-5)
    assert found[64 + 5] == pytest.approx(np.std(first[5]), rel=1e-5)
    assert found[128 + 100] == pytest.approx(np.mean(second[100]), rel=1e-5)
    assert found[128 + 128 + 100] == pytest.approx(np.std(second[100]), rel=1e-5)
