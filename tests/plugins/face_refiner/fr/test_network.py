"""FR: sizes, parameters by its layers, what each input does."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from reenactor_plugins.face_refiner.fr.network import ARCHITECTURES, FR, Upscale
from reenactor_plugins.networks.frozen import Frozen


def conv(before: int, after: int, kernel: int) -> int:
    return before * after * kernel**2 + after


@pytest.mark.parametrize("crop", [224, 256])
def test_the_parameters_of_the_paper_size(crop: int) -> None:
    with torch.device("meta"):
        network = FR(ARCHITECTURES["paper"], crop)
    widths = [64, 128, 256, 512, 512, 512]
    encoder = conv(3, 64, 5) + conv(512, 512, 3)
    encoder += sum(9 * a + a * b + 2 * b for a, b in pairwise(widths))
    side = crop // 32
    latent = 512 * side**2 * 1024 + 1024
    expand = (1024 + 2048) * 512 * side**2 + 512 * side**2
    decoder = sum(conv(c, 2 * c, 3) + conv(c // 2, c // 2, 3) for c in (512, 256, 128, 64, 32))
    heads = conv(16, 3, 3) + conv(16, 1, 3)
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert trained == encoder + latent + expand + decoder + heads


@pytest.mark.parametrize("crop", [224, 256])
def test_sizes(crop: int) -> None:
    with torch.device("meta"):
        network = FR(ARCHITECTURES["paper"], crop)
        identity = network.identify(torch.empty(2, 3, crop, crop))
        encoded = network.encoder(torch.empty(2, 3, crop, crop))
        c, m = network(torch.empty(2, 3, crop, crop), identity)
    assert identity.shape == (2, 2048)
    assert encoded.shape == (2, 512, crop // 32, crop // 32)
    assert c.shape == (2, 3, crop, crop)
    assert m.shape == (2, 1, crop, crop)


def test_an_upscale_block_doubles_the_size_and_halves_the_channels() -> None:
    assert Upscale(8)(torch.rand(1, 8, 3, 5)).shape == (1, 4, 6, 10)


def test_vggface2_is_shown_the_middle_of_larger_crops() -> None:
    network = FR(ARCHITECTURES["tiny"], 224, "small")
    network.identity = Frozen(nn.Flatten())
    faces = torch.rand(1, 3, 256, 256)
    assert torch.equal(network.identify(faces), faces[..., 16:240, 16:240].flatten(1))
    assert torch.equal(network.identify(faces[..., :224, :224]), faces[..., :224, :224].flatten(1))
    assert network.identify(faces[..., :64, :64]).shape == (1, 3 * 224 * 224)


def test_ranges_and_both_inputs_matter() -> None:
    torch.manual_seed(0)
    network = FR(ARCHITECTURES["tiny"], 224, "small").eval()
    assert network.crop == 64
    faces = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        identity = network.identify(torch.rand(2, 3, 64, 64)) * 10
        c, m = network(faces, identity)
        other = network(faces, identity.flip(0))
        moved = network(faces.flip(0), identity)
    for picture in (c, m):
        assert 0 <= float(picture.min()) <= float(picture.max()) <= 1
    assert not torch.allclose(other[0], c)
    assert not torch.allclose(moved[0], c)


def test_gradients_reach_every_part() -> None:
    network = FR(ARCHITECTURES["tiny"], 224, "small")
    c, m = network(torch.rand(2, 3, 64, 64), network.identify(torch.rand(2, 3, 64, 64)))
    (c.square().mean() + m.mean()).backward()
    parts: list[nn.Module] = [network.identity, network.encoder, network.latent, network.expand,
                              network.decoder, network.face, network.mask]  # fmt: skip
    for part in parts:
        assert any(p.grad is not None and p.grad.any() for p in part.parameters())
