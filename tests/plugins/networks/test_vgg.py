"""VGG19: both public layouts, the pooled embedding, the features of losses."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor_plugins.networks import checkpoint as loading
from reenactor_plugins.networks.vgg import (
    VGG19,
    VGG19Features,
    features_from_file,
    from_file,
    from_normalised,
    normalised,
)

# The convolutions' places in torchvision's `features`, which also counts ReLUs and poolings.
CONVOLUTIONS = {
    0: (3, 64), 2: (64, 64), 5: (64, 128), 7: (128, 128),
    10: (128, 256), 12: (256, 256), 14: (256, 256), 16: (256, 256),
    19: (256, 512), 21: (512, 512), 23: (512, 512), 25: (512, 512),
    28: (512, 512), 30: (512, 512), 32: (512, 512), 34: (512, 512),
}  # fmt: skip


def checkpoint() -> dict[str, Tensor]:
    tensors = {}
    for place, (before, after) in CONVOLUTIONS.items():
        tensors[f"features.{place}.weight"] = torch.full((after, before, 3, 3), 1e-3)
        tensors[f"features.{place}.bias"] = torch.full((after,), 1e-3)
    for place, (before, after) in {0: (25088, 4096), 3: (4096, 4096), 6: (4096, 1000)}.items():
        tensors[f"classifier.{place}.weight"] = torch.empty(after, before, device="meta")
        tensors[f"classifier.{place}.bias"] = torch.empty(after, device="meta")
    return tensors


def test_torchvisions_checkpoint_fits_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_checkpoint", lambda *given: checkpoint())
    network = from_file(Path("vgg19.pth"), "VGG19, an encoder,")
    assert sum(p.numel() for p in network.parameters()) == 20_024_384


def test_the_embedding_is_the_mean_of_the_last_features() -> None:
    torch.manual_seed(0)
    network = VGG19().eval()
    x = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        features, embedding = network.features(normalised(x)), network(x)
    assert features.shape == (2, 512, 2, 2)
    assert (features >= 0).all()
    torch.testing.assert_close(embedding, features.sum((2, 3)) / 4)


def test_pictures_are_prepared_as_for_imagenet() -> None:
    grey = normalised(torch.full((1, 3, 1, 1), 0.485))[0, :, 0, 0]
    torch.testing.assert_close(
        grey, torch.tensor([0.0, (0.485 - 0.456) / 0.224, (0.485 - 0.406) / 0.225])
    )


MEANS = torch.tensor([103.939, 116.779, 123.68])


def normalised_layout() -> dict[str, Tensor]:
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


def test_each_block_gives_one_feature_map() -> None:
    with torch.device("meta"):
        features = VGG19Features(5)(torch.empty(1, 3, 64, 48))
    assert [tuple(map_.shape[1:]) for map_ in features] == [
        (64, 64, 48), (128, 32, 24), (256, 16, 12), (512, 8, 6), (512, 4, 3),
    ]  # fmt: skip


def test_features_are_the_first_relus_of_the_complete_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    whole = VGG19().eval()
    torch.save(
        {k: v for k, v in whole.state_dict().items() if int(k.split(".")[1]) <= 10},
        tmp_path / "vgg.pth",
    )
    features = features_from_file(tmp_path / "vgg.pth", 3)
    x = torch.rand(1, 3, 32, 24)
    with torch.no_grad():
        for mine, place in zip(features(x), FIRST_RELUS[:3], strict=True):
            torch.testing.assert_close(mine, whole.features[: place + 1](normalised(x)))
    assert not any(p.requires_grad for p in features.parameters())


def test_a_file_that_ends_too_early_says_so(tmp_path: Path) -> None:
    torch.save(VGG19Features(1).state_dict(), tmp_path / "vgg.pth")
    with pytest.raises(WeightsError, match="does not reach block 2") as caught:
        features_from_file(tmp_path / "vgg.pth", 2)
    assert "features.2.weight" in caught.value.given
    assert "vgg_weights" in caught.value.advice


def test_the_normalised_layout_gives_the_same_activations() -> None:
    given = normalised_layout()
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
