"""VGGFace2's ResNet-50: the public layout, the Caffe strides, its taps."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from reenactor_plugins.networks import checkpoint as loading
from reenactor_plugins.networks.vggface2 import FEATURE_SIZES, VGGFace2, from_file, normalised

Shapes = dict[str, tuple[int, ...]]


def public_layout() -> Shapes:
    """Keys and shapes of the public checkpoint, its counters of batches left out."""
    shapes: Shapes = {}

    def norm(name: str, channels: int) -> None:
        parts = ("weight", "bias", "running_mean", "running_var")
        shapes.update({f"{name}.{part}": (channels,) for part in parts})

    shapes["conv1.weight"] = (64, 3, 7, 7)
    norm("bn1", 64)
    before = 64
    for stage, (blocks, planes) in enumerate([(3, 64), (4, 128), (6, 256), (3, 512)], start=1):
        for block in range(blocks):
            name = f"layer{stage}.{block}"
            shapes[f"{name}.conv1.weight"] = (planes, before, 1, 1)
            shapes[f"{name}.conv2.weight"] = (planes, planes, 3, 3)
            shapes[f"{name}.conv3.weight"] = (planes * 4, planes, 1, 1)
            for number, channels in ((1, planes), (2, planes), (3, planes * 4)):
                norm(f"{name}.bn{number}", channels)
            if block == 0:
                shapes[f"{name}.downsample.0.weight"] = (planes * 4, before, 1, 1)
                norm(f"{name}.downsample.1", planes * 4)
            before = planes * 4
    shapes["fc.weight"], shapes["fc.bias"] = (8631, 2048), (8631,)
    return shapes


def checkpoint() -> dict[str, Tensor]:
    return {key: torch.full(shape, 0.01) for key, shape in public_layout().items()}


def test_a_public_checkpoint_fits_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_checkpoint", lambda *given: checkpoint())
    network = from_file(Path("faces.pth"), "VGGFace2, an encoder,")
    assert not network.training
    assert not any(p.requires_grad for p in network.parameters())
    # The number of every ResNet-50's parameters without its classifier.
    assert sum(p.numel() for p in network.parameters()) == 23_508_032
    assert (network.state_dict()["layer4.2.conv3.weight"] == 0.01).all()


def test_each_stage_halves_in_its_first_one_by_one_convolution() -> None:
    with torch.device("meta"):
        network = VGGFace2()
    for stage, stride in ((network.layer1, 1), (network.layer2, 2), (network.layer4, 2)):
        strides = {
            name: m.stride for name, m in stage[0].named_modules() if isinstance(m, nn.Conv2d)
        }
        assert strides == {
            "conv1": (stride, stride),
            "conv2": (1, 1),
            "conv3": (1, 1),
            "downsample.0": (stride, stride),
        }


def test_taps_are_the_last_layers_of_the_blocks_by_size() -> None:
    with torch.device("meta"):
        features = VGGFace2().features(torch.empty(2, 3, 224, 224))
    assert tuple(features) == FEATURE_SIZES == (112, 56, 28, 14, 7, 1)
    channels = {112: 64, 56: 256, 28: 512, 14: 1024, 7: 2048, 1: 2048}
    for size, tap in features.items():
        assert tap.shape == (2, channels[size], size, size)


def test_the_embedding_is_the_average_of_the_last_tap() -> None:
    torch.manual_seed(0)
    network = VGGFace2().eval()
    faces = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        features, embedding = network.features(faces), network(faces)
    assert embedding.shape == (1, 2048)
    torch.testing.assert_close(embedding, features[7].mean((2, 3)))
    assert all((tap >= 0).all() for tap in features.values())  # each is after its ReLU


def test_pooling_has_no_border_and_rounds_up() -> None:
    """112 px: windows start at 0, 2, .. 110; the last one is cut off at the edge."""
    network = VGGFace2().eval()
    network.layer1 = nn.Sequential()
    for name in ("layer2", "layer3", "layer4"):
        setattr(network, name, nn.Sequential())
    with torch.no_grad():
        features = network.features(torch.rand(1, 3, 224, 224))
    torch.testing.assert_close(features[56][..., 0, 0], features[112][..., :3, :3].amax((-1, -2)))
    torch.testing.assert_close(
        features[56][..., 55, 55], features[112][..., 110:, 110:].amax((-1, -2))
    )


def test_pictures_are_prepared_as_for_caffe() -> None:
    red = torch.zeros(1, 3, 1, 1)
    red[0, 0] = 1
    b, g, r = normalised(red)[0, :, 0, 0].tolist()
    torch.testing.assert_close([b, g, r], [-91.4953, -103.8827, 255 - 131.0912])
