"""FID: the network's layout, the two ways of resizing, and refusal without weights."""

import importlib
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.metrics.fid import Variant, clean, enlarged, features, load_inception
from reenactor.metrics.inception import Inception, with_weights
from reenactor.runtime import Runtime
from reenactor.weights import WeightStore


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    """Random weights under the published names, a classifier among them."""
    generator = torch.Generator().manual_seed(13)
    out = {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}
    for key, value in Inception().state_dict().items():
        if key.endswith("conv.weight"):
            fan = value[0].numel()
            out[key] = torch.randn(value.shape, generator=generator) * (2 / fan) ** 0.5
        elif key.endswith(("bn.weight", "running_var")):
            out[key] = torch.rand(value.shape, generator=generator) + 0.5
        elif not key.endswith("num_batches_tracked"):
            out[key] = torch.randn(value.shape, generator=generator) * 0.1
    return out


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="pt_inception-2015-12-05"):
        load_inception(Runtime(weight=WeightStore(tmp_path).path))


def test_layout(state: dict[str, Tensor]) -> None:
    # Szegedy et al. 2016 as published: 94 convolutions, 21.8 million parameters without classifier.
    convolutions = [value for key, value in state.items() if key.endswith("conv.weight")]
    assert len(convolutions) == 94
    learned = [value for key, value in state.items() if not key.startswith(("fc.",))]
    norms = [v.numel() for k, v in state.items() if k.endswith(("bn.weight", "bn.bias"))]
    assert sum(v.numel() for v in convolutions) + sum(norms) == 21785568
    assert len(learned) == 94 * 5
    broken = {key: value for key, value in state.items() if key != "Mixed_7c.branch1x1.conv.weight"}
    with pytest.raises(WeightsError, match="do not fit"):
        with_weights(Inception(), broken)


def test_features(state: dict[str, Tensor], frames: Tensor) -> None:
    network = with_weights(Inception(), state)
    for variant in get_args(Variant):
        found = features(network, frames[:2], variant)
        assert found.shape == (2, 2048)
        assert torch.isfinite(found).all()


def test_agrees_with_pytorch_fid(state: dict[str, Tensor], frames: Tensor) -> None:
    try:
        package: Any = importlib.import_module("pytorch_fid.inception")
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"pytorch-fid cannot be imported here: {error}")
    original = package.load_state_dict_from_url
    package.load_state_dict_from_url = lambda *_, **__: state
    try:
        theirs = package.InceptionV3([3]).eval()
    finally:
        package.load_state_dict_from_url = original
    with torch.inference_mode():
        expected = theirs(frames[:2])[0][..., 0, 0]
    ours = features(with_weights(Inception(), state), frames[:2], "pytorch-fid")
    assert torch.allclose(ours, expected, rtol=1e-4, atol=1e-5)


def test_enlarging_is_bilinear_between_pixel_centres() -> None:
    ramp = (torch.arange(100).float() / 100).expand(1, 3, 100, 100)
    row = enlarged(ramp)[0, 0, 0]
    centres = ((np.arange(299) + 0.5) * 100 / 299 - 0.5).clip(0, 99)
    assert np.allclose(row.numpy(), centres / 100 * 2 - 1, atol=1e-5)


def test_clean_resizing_keeps_the_mean_of_a_fine_pattern() -> None:
    # A chessboard of single pixels: a filter sees grey, sampling without one sees an alias.
    y, x = torch.meshgrid(torch.arange(700), torch.arange(700), indexing="ij")
    board = ((x + y) % 2).float().expand(1, 3, 700, 700)
    grey = clean(board)[0, 0, 20:-20, 20:-20] * 128 + 128
    assert float((grey - 127.5).abs().max()) < 3
    assert float(enlarged(board).std()) > 5 * float(clean(board).std())
