"""The network that retouches: its size, what it is given, what it leaves alone."""

import math

import torch

from reenactor_plugins.frame_renderer.retouch.network import Retouch, completed, given_of


def test_its_layers_have_as_many_parameters_as_counted_by_hand() -> None:
    """3x3 convolutions a -> b have 9 a b + b. Down: 29, 20, 40, 64, 96, 96; up again with what is
    as large beside it; out: 4."""
    pairs = [(29, 20), (20, 40), (40, 64), (64, 96), (96, 96)]
    pairs += [(96 + 96, 96), (96 + 64, 64), (64 + 40, 40), (40 + 20, 20)]
    counted = sum((9 * a * b + b) + (9 * b * b + b) for a, b in pairs) + 9 * 20 * 4 + 4
    network = Retouch("small")
    assert counted == 840_344
    assert sum(p.numel() for p in network.parameters()) == counted
    assert network.multiple == 16


def test_before_training_it_would_put_a_little_of_the_flat_colours() -> None:
    torch.manual_seed(0)
    rgba, flat = torch.rand(1, 4, 16, 8), torch.rand(1, 3, 16, 8)
    given = given_of(rgba, flat, torch.randint(0, 22, (1, 16, 8), dtype=torch.uint8))
    made = Retouch("tiny")(given)
    picture = torch.rand(1, 3, 16, 8)
    share = 1 / (1 + math.exp(2))
    torch.testing.assert_close(made.over(picture), (1 - share) * picture + share * flat)


def test_what_it_is_given() -> None:
    rgba = torch.tensor([0.1, 0.2, 0.3, 0.5])[None, :, None, None].expand(1, 4, 2, 1)
    flat = torch.tensor([1.0, 0.0, 0.4])[None, :, None, None].expand(1, 3, 2, 1)
    given = given_of(rgba, flat, torch.tensor([[[0], [13]]], dtype=torch.uint8))
    assert given.shape == (1, 29, 2, 1)
    torch.testing.assert_close(given[0, :7, 0, 0], torch.tensor([0.6, 0.2, 0.5, 0.5, 1, 0, 0.4]))
    assert given[0, 7:, 0, 0].nonzero().tolist() == [[0]]
    assert given[0, 7:, 1, 0].nonzero().tolist() == [[13]]
    torch.testing.assert_close(completed(rgba, flat), given[:, :3])
