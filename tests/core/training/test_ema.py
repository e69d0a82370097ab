"""The moving average of weights, by hand."""

import pytest
import torch
from torch import nn

from reenactor.training.ema import EMA


def line(weight: float) -> nn.Linear:
    network = nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(weight)
    return network


def after(ema: EMA[nn.Linear], updates: int) -> EMA[nn.Linear]:
    """The same as if so many steps had been taken."""
    ema.n_averaged.fill_(updates)
    return ema


def test_it_keeps_nine_tenths_and_takes_one() -> None:
    network = line(10.0)
    ema = after(EMA(network, decay=0.9), 1000)
    network.weight.data.fill_(20.0)
    ema.update_parameters(network)
    assert float(ema.module.weight) == pytest.approx(11.0)
    ema.update_parameters(network)
    assert float(ema.module.weight) == pytest.approx(11.9)


def test_at_the_beginning_it_forgets_soon() -> None:
    network = line(10.0)
    ema = EMA(network, decay=0.999)
    network.weight.data.fill_(20.0)
    ema.update_parameters(network)  # a copy
    assert float(ema.module.weight) == 20.0
    network.weight.data.fill_(0.0)
    ema.update_parameters(network)  # keeps 2 / 11
    assert float(ema.module.weight) == pytest.approx(20.0 * 2 / 11)
    ema.update_parameters(network)  # keeps 3 / 12
    assert float(ema.module.weight) == pytest.approx(20.0 * 2 / 11 * 3 / 12)


def test_an_average_that_keeps_nothing_is_the_network() -> None:
    network = line(10.0)
    ema = after(EMA(network, decay=0.0), 1000)
    network.weight.data.fill_(-3.0)
    ema.update_parameters(network)
    assert float(ema.module.weight) == -3.0


def test_statistics_are_averaged_and_counters_copied() -> None:
    network = nn.BatchNorm1d(1)
    ema = EMA(network, decay=0.9)
    ema.n_averaged.fill_(1000)
    network(torch.tensor([[4.0], [6.0]]))  # running_mean becomes 0.1 * 5
    ema.update_parameters(network)
    assert float(ema.module.running_mean) == pytest.approx(0.1 * 0.5)  # type: ignore[arg-type]  # a tensor
    assert int(ema.module.num_batches_tracked) == 1  # type: ignore[arg-type]  # a tensor


def test_it_is_ready_for_use_and_of_its_own() -> None:
    network = line(1.0)
    ema = EMA(network, decay=0.5)
    assert not ema.module.training
    assert not ema.module.weight.requires_grad
    assert network.weight.requires_grad
    network.weight.data.fill_(9.0)
    assert float(ema.module.weight) == 1.0


def test_one_that_goes_on_from_its_state_goes_on_where_it_was() -> None:
    """The decay depends on the number of updates, which is part of the state."""
    network = line(10.0)
    ema = EMA(network, decay=0.999)
    for weight in (20.0, 0.0):
        network.weight.data.fill_(weight)
        ema.update_parameters(network)
    again = EMA(line(7.0), decay=0.999)
    again.load_state_dict(ema.state_dict())
    for one in (ema, again):
        one.update_parameters(line(5.0))
    assert float(again.module.weight) == float(ema.module.weight)
    assert float(again.module.weight) == pytest.approx(20.0 * 2 / 11 * 3 / 12 + 5.0 * 9 / 12)
