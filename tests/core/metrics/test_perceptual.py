"""The perceptual distance of any file: the lpips package's baseline, Caffe's colours, the mask."""

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor.metrics.lpips import NETS, Net, lpips
from reenactor.metrics.perceptual import load_perceptual

Backbone = Callable[[Net], Path]
WEIGHTS = Path(__file__).parents[4] / "shared" / "data" / "weights"
CAFFE = WEIGHTS / "squeezenet" / "squeezenet1_1_caffe_features.pth"


@pytest.mark.parametrize("net", NETS)
def test_agrees_with_the_baseline_of_the_lpips_package(
    net: Net, frames: Tensor, backbone: Backbone
) -> None:
    package = _package()
    path = backbone(net)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's, of the package's way to ask for a network
        theirs = package.LPIPS(
            pretrained=False, pnet_rand=True, net=net, lpips=False, verbose=False
        )
    state, tensors = theirs.state_dict(), torch.load(path, weights_only=True)
    for key in state:
        if key.startswith("net."):  # net.slice2.5.weight is torchvision's features.5.weight
            state[key] = tensors["features." + key.split(".", 2)[2]]
    theirs.load_state_dict(state)
    with torch.inference_mode():
        expected = theirs(frames[:2], frames[2:], normalize=True).flatten().double()
    made = lpips(load_perceptual(path), frames[:2], frames[2:])
    assert torch.allclose(made, expected, rtol=1e-5, atol=0)


@pytest.mark.parametrize("net", NETS)
def test_zero_for_equals_and_grows_with_noise_and_blur(
    net: Net, frames: Tensor, backbone: Backbone
) -> None:
    network = load_perceptual(backbone(net))
    truth = frames[:1]
    assert lpips(network, truth, truth).tolist() == [0]
    noise = torch.randn(truth.shape, generator=torch.Generator().manual_seed(0))
    noisy = [lpips(network, truth + s * noise, truth).item() for s in (0.02, 0.1, 0.4)]
    blurred = [
        lpips(network, F.avg_pool2d(truth, k, 1, k // 2, count_include_pad=False), truth)
        for k in (3, 7, 15)
    ]
    assert noisy == sorted(noisy)
    assert [b.item() for b in blurred] == sorted(b.item() for b in blurred)
    assert noisy[0] > 0


def test_the_sum_over_layers_by_hand(frames: Tensor, backbone: Backbone) -> None:
    """1 - cosine, twice, is the squared difference of unit vectors: its mean, layer by layer."""
    network = load_perceptual(backbone("alex"))
    layers = dict(enumerate(network.features))
    total = 0.0
    a, b = (
        (f * 2 - 1 - network.get_buffer("shift")) / network.get_buffer("scale") for f in frames[:2]
    )
    for place in range(12):
        a, b = layers[place](a), layers[place](b)
        if place in (1, 4, 7, 9, 11):  # the ReLUs
            total += float(
                (2 - 2 * F.cosine_similarity(a, b, 0))[(a != 0).any(0) & (b != 0).any(0)].sum()
                / a[0].numel()
            )
    assert lpips(network, frames[:1], frames[1:2]).item() == pytest.approx(total, rel=1e-4)


def test_caffe_is_shown_bgr_less_its_mean(frames: Tensor, backbone: Backbone) -> None:
    path = backbone("squeeze")
    tensors = torch.load(path, weights_only=True)
    blue_first = frames[:1, [2, 1, 0]] * 255 - torch.tensor([104.0, 117, 123])[:, None, None]
    expected = F.conv2d(
        blue_first, tensors["features.0.weight"], tensors["features.0.bias"], stride=2
    )
    seen: list[Tensor] = []
    network = load_perceptual(path, "caffe")
    network.features[0].register_forward_hook(lambda *call: seen.append(call[2]))
    lpips(network, frames[:1], frames[:1])
    torch.testing.assert_close(seen[0], expected, rtol=1e-4, atol=1e-2)


def test_a_mask_weighs_each_place_by_its_share_of_the_person(backbone: Backbone) -> None:
    network = load_perceptual(backbone("vgg"))
    generator = torch.Generator().manual_seed(2)
    truth = torch.rand(1, 3, 64, 64, generator=generator)
    made = truth.clone()
    made[..., :16] = 0.5  # wrong at the left only
    whole = torch.ones(1, 1, 64, 64)
    left, right = whole.clone(), whole.clone()
    left[..., 16:] = 0
    right[..., :16] = 0
    at = {
        name: lpips(network, made, truth, mask).item()
        for name, mask in {"whole": whole, "left": left, "right": right}.items()
    }
    assert at["whole"] == pytest.approx(lpips(network, made, truth).item(), rel=1e-6)
    # 16 columns are whole cells of all five layers: the whole is a quarter left, the rest right.
    assert at["whole"] == pytest.approx(0.25 * at["left"] + 0.75 * at["right"], rel=1e-5)
    assert at["left"] > at["right"]
    assert lpips(network, made, truth, 0 * whole).isnan().all()


@pytest.mark.parametrize("missing", ["features.0.weight", "features.12.expand3x3.bias"])
def test_a_file_of_something_else_is_refused(
    missing: str, tmp_path: Path, backbone: Backbone
) -> None:
    path = backbone("squeeze")
    tensors = torch.load(path, weights_only=True)
    del tensors[missing]
    torch.save(tensors, path)
    with pytest.raises(WeightsError, match="no supported network for the perceptual"):
        load_perceptual(path)
    with pytest.raises(WeightsError):
        load_perceptual(tmp_path / "none.pth")


@pytest.mark.skipif(not CAFFE.exists(), reason="the shared data are not here")
def test_a_real_network_knows_a_shift_from_noise(frames: Tensor) -> None:
    """What the distance is for: a pixel's shift is less than noise of the same squared error."""
    network = load_perceptual(CAFFE, "caffe")
    truth = frames[:1]
    shifted = truth.roll(1, -1)
    error = (shifted - truth).square().mean().sqrt()
    noise = torch.randn(truth.shape, generator=torch.Generator().manual_seed(0)) * error
    near, far = (lpips(network, made, truth).item() for made in (shifted, truth + noise))
    assert near < far


def _package() -> Any:
    try:
        return importlib.import_module("lpips")
    except (ImportError, RuntimeError) as error:  # torchvision built for another torch
        pytest.skip(f"the lpips package cannot be imported here: {error}")
