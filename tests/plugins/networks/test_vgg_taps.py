"""VGG19 cut short: the taps of the whole network, from both public layouts."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor_plugins.networks.vgg import VGG19, prepared
from reenactor_plugins.networks.vgg_taps import VGGTaps, from_normalised, vgg_taps

MEANS = torch.tensor([103.939, 116.779, 123.68])


def normalised() -> dict[str, Tensor]:
    """The layout of style transfer up to conv2_1, narrow: a sequence 1x1, pad, conv, relu, .."""
    torch.manual_seed(0)
    swap = torch.zeros(3, 3, 1, 1)
    for row in range(3):
        swap[row, 2 - row] = 255.0
    tensors = {"0.weight": swap, "0.bias": -MEANS}
    for place, (before, after) in {2: (3, 4), 5: (4, 4), 9: (4, 6)}.items():
        tensors[f"{place}.weight"] = torch.randn(after, before, 3, 3) / 50
        tensors[f"{place}.bias"] = torch.randn(after)
    return tensors


FIRST_RELUS = (1, 6, 11, 20, 29)
"""The places of relu1_1 .. relu5_1 in torchvision's sequence."""


def test_there_is_one_tap_for_each_block() -> None:
    with torch.device("meta"):
        taps = VGGTaps(5)(torch.empty(1, 3, 64, 48))
    assert [tuple(tap.shape[1:]) for tap in taps] == [
        (64, 64, 48), (128, 32, 24), (256, 16, 12), (512, 8, 6), (512, 4, 3),
    ]  # fmt: skip


def test_taps_are_the_first_relus_of_the_whole(tmp_path: Path) -> None:
    torch.manual_seed(0)
    whole = VGG19().eval()
    torch.save(
        {k: v for k, v in whole.state_dict().items() if int(k.split(".")[1]) <= 10},
        tmp_path / "vgg.pth",
    )
    taps = vgg_taps(tmp_path / "vgg.pth", 3)
    x = torch.rand(1, 3, 32, 24)
    with torch.no_grad():
        for mine, place in zip(taps(x), FIRST_RELUS[:3], strict=True):
            torch.testing.assert_close(mine, whole.features[: place + 1](prepared(x)))
    assert not any(p.requires_grad for p in taps.parameters())


def test_a_file_that_ends_too_early_says_so(tmp_path: Path) -> None:
    torch.save(VGGTaps(1).state_dict(), tmp_path / "vgg.pth")
    with pytest.raises(WeightsError, match="does not reach block 2") as caught:
        vgg_taps(tmp_path / "vgg.pth", 2)
    assert "features.2.weight" in caught.value.given
    assert "vgg_weights" in caught.value.advice


def test_the_normalised_layout_gives_the_same_activations() -> None:
    given = normalised()
    ours = from_normalised(given)
    pixels = torch.rand(1, 3, 12, 10)
    bgr = F.conv2d(pixels, given["0.weight"], given["0.bias"])
    torch.testing.assert_close(bgr[:, 0], pixels[:, 2] * 255 - MEANS[0])
    expected = F.conv2d(bgr, given["2.weight"], given["2.bias"])
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    found = F.conv2d(
        (pixels - mean) / deviation, ours["features.0.weight"], ours["features.0.bias"]
    )
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-3)
    assert torch.equal(ours["features.5.weight"], given["9.weight"])
    assert "features.7.weight" not in ours
