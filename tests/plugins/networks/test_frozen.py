"""What is frozen stays, and is no part of what was trained."""

import torch
from torch import nn

from reenactor_plugins.networks.frozen import Frozen, trained_tensors


def network() -> nn.Sequential:
    pretrained = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))
    return nn.Sequential(nn.Conv2d(1, 1, 1), Frozen(pretrained))


def test_neither_weights_nor_statistics_move() -> None:
    whole = network()
    before = {key: value.clone() for key, value in whole[1].state_dict().items()}
    whole.train()
    optimiser = torch.optim.SGD([p for p in whole.parameters() if p.requires_grad], 1.0)
    whole(torch.rand(4, 1, 3, 3)).square().sum().backward()
    optimiser.step()
    assert not whole[1].training
    assert not any(module.training for module in whole[1].modules())
    for key, value in whole[1].state_dict().items():
        torch.testing.assert_close(value, before[key])


def test_gradients_flow_through_to_what_is_before() -> None:
    whole = network()
    whole(torch.rand(4, 1, 3, 3)).square().sum().backward()
    assert whole[0].weight.grad is not None
    assert all(p.grad is None for p in whole[1].parameters())


def test_only_what_is_trained_is_kept() -> None:
    assert set(trained_tensors(network())) == {"0.weight", "0.bias"}
    assert set(trained_tensors(nn.Linear(1, 1))) == {"weight", "bias"}
