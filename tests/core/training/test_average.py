"""The moving average of weights, by hand."""

import pytest
import torch
from torch import nn

from reenactor.training.average import Average


def line(weight: float) -> nn.Linear:
    network = nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(weight)
    return network


def test_it_keeps_nine_tenths_and_takes_one() -> None:
    network = line(10.0)
    average = Average(network, keep=0.9)
    network.weight.data.fill_(20.0)
    average.follow(network, step=1000)
    assert float(average.network.weight) == pytest.approx(11.0)
    average.follow(network, step=1001)
    assert float(average.network.weight) == pytest.approx(11.9)


def test_at_the_beginning_it_forgets_soon() -> None:
    network = line(10.0)
    average = Average(network, keep=0.999)
    network.weight.data.fill_(20.0)
    average.follow(network, step=0)  # keeps 1 / 10
    assert float(average.network.weight) == pytest.approx(19.0)
    network.weight.data.fill_(0.0)
    average.follow(network, step=1)  # keeps 2 / 11
    assert float(average.network.weight) == pytest.approx(19.0 * 2 / 11)


def test_an_average_that_keeps_nothing_is_the_network() -> None:
    network = line(10.0)
    average = Average(network, keep=0.0)
    network.weight.data.fill_(-3.0)
    average.follow(network, step=1000)
    assert float(average.network.weight) == -3.0


def test_statistics_are_averaged_and_counters_copied() -> None:
    network = nn.BatchNorm1d(1)
    average = Average(network, keep=0.9)
    network(torch.tensor([[4.0], [6.0]]))  # running_mean becomes 0.1 * 5
    average.follow(network, step=1000)
    assert float(average.network.running_mean) == pytest.approx(0.1 * 0.5)  # type: ignore[arg-type]  # a tensor
    assert int(average.network.num_batches_tracked) == 1  # type: ignore[arg-type]  # a tensor


def test_it_is_ready_for_use_and_of_its_own() -> None:
    network = line(1.0)
    average = Average(network, keep=0.5)
    assert not average.network.training
    assert not average.network.weight.requires_grad
    assert network.weight.requires_grad
    again = Average(line(7.0), keep=0.5)
    again.load_state_dict(average.state_dict())
    assert float(again.network.weight) == 1.0
