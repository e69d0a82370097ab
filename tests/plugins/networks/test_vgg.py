"""VGG19: torchvision's layout, the pooled embedding."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from reenactor_plugins.networks import construct
from reenactor_plugins.networks.vgg import VGG19, from_file, prepared

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
    monkeypatch.setattr(construct, "pretrained", lambda *given: checkpoint())
    network = from_file(Path("vgg19.pth"), "VGG19, an encoder,")
    assert sum(p.numel() for p in network.parameters()) == 20_024_384


def test_the_embedding_is_the_mean_of_the_last_features() -> None:
    torch.manual_seed(0)
    network = VGG19().eval()
    x = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        features, embedding = network.features(prepared(x)), network(x)
    assert features.shape == (2, 512, 2, 2)
    assert (features >= 0).all()
    torch.testing.assert_close(embedding, features.sum((2, 3)) / 4)


def test_pictures_are_prepared_as_for_imagenet() -> None:
    grey = prepared(torch.full((1, 3, 1, 1), 0.485))[0, :, 0, 0]
    torch.testing.assert_close(
        grey, torch.tensor([0.0, (0.485 - 0.456) / 0.224, (0.485 - 0.406) / 0.225])
    )
