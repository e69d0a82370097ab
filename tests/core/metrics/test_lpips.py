"""LPIPS: refusal without weights, and the lpips package's own arithmetic with random ones."""

import importlib
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.metrics.lpips import NETS, Lpips, Net, load_lpips, lpips, with_weights
from reenactor.metrics.weights import HEADS
from reenactor.runtime import Runtime
from reenactor.weights import WeightStore

SHARED = Path(__file__).parents[4] / "shared" / "data" / "weights" / "lpips"


def random_weights(net: Net) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """A backbone as torchvision would save it and heads as the lpips package does."""
    generator = torch.Generator().manual_seed(11)
    network = Lpips(net)
    backbone = {"classifier.6.weight": torch.zeros(2, 2)}
    for key, value in network.state_dict().items():
        if key.startswith("features."):
            fan = max(value[0].numel() if value.ndim > 1 else 100, 1)
            backbone[key] = torch.randn(value.shape, generator=generator) * (2 / fan) ** 0.5
    heads = {
        f"lin{i}.model.1.weight": torch.rand(head.shape, generator=generator)
        for i, head in enumerate(network.heads)
    }
    return backbone, heads


@pytest.mark.parametrize("net", NETS)
def test_missing_weights_are_refused(net: Net, tmp_path: Path) -> None:
    runtime = Runtime(weight=WeightStore(tmp_path).path)
    with pytest.raises(WeightsError, match="reenactor weights import"):
        load_lpips(net, runtime)


@pytest.mark.parametrize("net", NETS)
def test_properties_with_random_weights(net: Net, frames: Tensor) -> None:
    network = with_weights(Lpips(net), *random_weights(net))
    pair = frames[:2]
    assert lpips(network, pair, pair).tolist() == [0, 0]
    noise = torch.randn(pair.shape, generator=torch.Generator().manual_seed(0))
    rows = [lpips(network, (pair + s * noise).clamp(0, 1), pair).mean() for s in (0.02, 0.1, 0.4)]
    assert rows == sorted(rows)
    assert float(rows[0]) > 0
    other = frames[2:]
    assert torch.allclose(lpips(network, pair, other), lpips(network, other, pair))


@pytest.mark.parametrize("net", NETS)
def test_agrees_with_the_lpips_package(net: Net, frames: Tensor) -> None:
    package = _package()
    backbone, heads = random_weights(net)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's, of the package's way to ask for a network
        theirs = package.LPIPS(pretrained=False, pnet_rand=True, net=net, verbose=False)
    state = theirs.state_dict()
    for key in state:
        if key.startswith("net."):  # net.slice2.5.weight is torchvision's features.5.weight
            state[key] = backbone["features." + key.split(".", 2)[2]]
    for name, head in heads.items():
        state[name] = head
        state[f"lins.{name[3]}.model.1.weight"] = head
    theirs.load_state_dict(state)
    ours = with_weights(Lpips(net), backbone, heads)
    with torch.inference_mode():
        expected = theirs(frames[:2], frames[2:], normalize=True).flatten().double()
    assert torch.allclose(lpips(ours, frames[:2], frames[2:]), expected, rtol=1e-5, atol=0)


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(WeightsError, match="do not fit"):
        with_weights(Lpips("alex"), *random_weights("vgg"))


@pytest.mark.skipif(not SHARED.exists(), reason="the published heads are not here")
@pytest.mark.parametrize("net", NETS)
def test_the_published_heads_fit(net: Net, tmp_path: Path) -> None:
    from reenactor.weights.tensors import load_tensors

    store = WeightStore(tmp_path)
    assert store.add(SHARED, [HEADS[net]]).weights == (HEADS[net],)
    heads = load_tensors(store.path(HEADS[net]))
    network = with_weights(Lpips(net), random_weights(net)[0], heads)
    assert min(float(head.min()) for head in network.heads) >= 0


def _package() -> Any:
    try:
        return importlib.import_module("lpips")
    except (ImportError, RuntimeError) as error:  # torchvision built for another torch
        pytest.skip(f"the lpips package cannot be imported here: {error}")
