"""The small encoder: lengths, and that it sees colour."""

from itertools import pairwise

import torch

from reenactor_plugins.networks.crop_encoder import CropEncoder


def test_parameters_by_its_layers() -> None:
    widths = [4, 8, 16, 32, 64]
    convolutions = 16 * 3 * 4 + 4 + sum(16 * a * b + 2 * b for a, b in pairwise(widths))
    network = CropEncoder(4, 10)
    assert sum(p.numel() for p in network.parameters()) == convolutions + 64 * 10 + 10


def test_any_crop_of_32_pixels_or_more() -> None:
    network = CropEncoder(2, 6).eval()
    for side in (32, 50, 96):
        assert network(torch.rand(3, 3, side, side)).shape == (3, 6)


def test_flat_colours_differ() -> None:
    network = CropEncoder(2, 6).eval()
    red, blue = torch.zeros(1, 3, 32, 32), torch.zeros(1, 3, 32, 32)
    red[:, 0], blue[:, 2] = 1, 1
    assert not torch.allclose(network(red), network(blue))
