"""B2F: the paper's figures in both layouts, framing, ranges, gradients."""

from itertools import pairwise

import pytest
import torch

from reenactor_plugins.frame_renderer.b2f.network import (
    ARCHITECTURES,
    B2F,
    B2FArchitecture,
    LayoutName,
    _cut,
    _framed,
    frame_size,
    layout_of,
)


def conv(before: int, after: int, kernel: int, bias: bool = True) -> int:
    return before * after * kernel**2 + after * bias


def block(before: int, after: int) -> int:
    """A SPADE block for 27 labels and 128 hidden channels."""

    def spade(channels: int) -> int:
        return conv(27, 128, 3) + 2 * conv(128, channels, 3)

    middle = min(before, after)
    count = spade(before) + spade(middle) + conv(before, middle, 3) + conv(middle, after, 3)
    return count + (spade(before) + conv(before, after, 1, bias=False)) * (before != after)


@pytest.mark.parametrize(
    ("layout", "channels", "latent"),
    [
        ("square", [1024, 1024, 1024, 1024, 512, 256, 128, 64, 32], 4 * 4 * 1024),
        ("exact", [1024, 1024, 1024, 1024, 512, 256, 128, 64], 8 * 5 * 1024),
        ("low", [1024, 1024, 1024, 1024, 512, 256, 128, 64], 4 * 4 * 1024),
    ],
)
def test_the_parameters_of_the_paper(layout: LayoutName, channels: list[int], latent: int) -> None:
    with torch.device("meta"):
        network = B2F(ARCHITECTURES["paper"], layout)
    expected = 4096 * latent + latent
    expected += sum(block(a, b) for a, b in pairwise(channels))
    expected += conv(channels[-1], 3, 3) + conv(channels[-1], 1, 3)
    assert sum(p.numel() for p in network.parameters() if p.requires_grad) == expected
    frozen = 23_508_032 + 20_024_384  # ResNet-50 and VGG19 without their classifiers
    assert sum(p.numel() for p in network.parameters()) == expected + frozen


@pytest.mark.parametrize(
    ("layout", "latent", "drawn", "upsamplings"),
    [
        ("square", (4, 4), (512, 512), 7),
        ("exact", (8, 5), (512, 320), 6),
        ("low", (4, 4), (256, 256), 6),
    ],
)
def test_the_paper_sizes(
    layout: LayoutName, latent: tuple[int, int], drawn: tuple[int, int], upsamplings: int
) -> None:
    architecture = layout_of(layout, ARCHITECTURES["paper"])
    assert (architecture.latent, architecture.drawn, architecture.upsamplings) == (
        latent,
        drawn,
        upsamplings,
    )
    with torch.device("meta"):
        network = B2F(ARCHITECTURES["paper"], layout)
        shape = network.latent(torch.empty(1, 4096)).shape
        z, m = network(torch.empty(1, 27, 512, 320), torch.empty(shape))
    assert shape == (1, 1024, *latent)
    assert z.shape == (1, 3, 512, 320)
    assert m.shape == (1, 1, 512, 320)


def test_the_middle_320_of_512_columns_are_kept() -> None:
    drawn = torch.rand(1, 4, 512, 512)
    assert torch.equal(_cut(drawn, (512, 320)), drawn[..., 96:416])
    body = torch.rand(1, 27, 512, 320)
    framed = _framed(body, (512, 512))
    assert framed.shape == (1, 27, 512, 512)
    assert torch.equal(framed[..., 96:416], body)
    for border in (framed[..., :96], framed[..., 416:]):
        assert (border[:, 0] == 1).all()
        assert not border[:, 1:].any()


@pytest.mark.parametrize("size", [(512, 320), (50, 30), (33, 64), (1, 7), (64, 64)])
@pytest.mark.parametrize("drawn", [(512, 512), (512, 320), (64, 40)])
def test_what_is_framed_is_cut_out_again(size: tuple[int, int], drawn: tuple[int, int]) -> None:
    body = torch.rand(1, 3, *size)
    height, width = frame_size(size, drawn)
    assert height >= size[0]
    assert width >= size[1]
    # Within a pixel the frame has the drawn aspect, and no less room than needed.
    assert abs(height * drawn[1] - width * drawn[0]) <= max(drawn)
    assert height == size[0] or width == size[1]
    framed = _framed(body, drawn)
    above, left = (height - size[0]) // 2, (width - size[1]) // 2
    torch.testing.assert_close(framed[..., above : above + size[0], left : left + size[1]], body)
    assert _cut(torch.rand(1, 1, *drawn), size).shape == (1, 1, *size)


@pytest.mark.parametrize("layout", ["square", "exact"])
def test_pictures_and_masks_are_between_0_and_1(layout: LayoutName) -> None:
    torch.manual_seed(0)
    network = B2F(ARCHITECTURES["tiny"], layout, "small").eval()
    with torch.no_grad():
        latent = network.latent(network.encode(torch.rand(2, 5, 3, 32, 32))) * 100
        z, m = network(torch.rand(2, 27, 40, 25), latent)
    for picture, channels in ((z, 3), (m, 1)):
        assert picture.shape == (2, channels, 40, 25)
        assert float(picture.min()) >= 0
        assert float(picture.max()) <= 1
        assert float(picture.max() - picture.min()) > 0.1


def test_both_inputs_matter_and_pictures_are_independent() -> None:
    torch.manual_seed(0)
    network = B2F(ARCHITECTURES["tiny"], "exact", "small").eval()
    body, latent = torch.rand(3, 27, 64, 40), torch.rand(3, 64, 8, 5)
    with torch.no_grad():
        z, m = network(body, latent)
        alone = network(body[1:2], latent[1:2])
        other_body = network(body.flip(0), latent)
        other_latent = network(body, latent.flip(0))
    torch.testing.assert_close(alone[0], z[1:2], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(alone[1], m[1:2], rtol=1e-4, atol=1e-5)
    assert not torch.allclose(other_body[0][0], z[0])
    assert not torch.allclose(other_latent[0][0], z[0])


def test_gradients_reach_every_part() -> None:
    network = B2F(ARCHITECTURES["tiny"], "exact", "small")
    z, m = network(
        torch.rand(2, 27, 64, 40), network.latent(network.encode(torch.rand(2, 5, 3, 32, 32)))
    )
    (z.mean() + m.mean()).backward()
    for part in (network.encoder, network.project, network.decoder, network.image, network.mask):
        assert any(p.grad is not None and p.grad.any() for p in part.parameters())


def test_the_low_resolution_of_figure_5_e_is_drawn_and_not_shrunk() -> None:
    """On a canvas of 256x160 every pixel is one that the network drew; a larger canvas shows the
    same pixels enlarged."""
    architecture = B2FArchitecture(8, (6, 5, 4, 3, 3), 4, 4, 8, 32)
    network = B2F(architecture, "low", "small").eval()
    latent = torch.randn(1, 8, 4, 4)
    body = torch.zeros(1, 27, 256, 160)
    body[:, 5, 60:200, 40:120] = 1
    body[:, 0] = 1 - body[:, 5]
    with torch.no_grad():
        drawn = network.image(network.decoder(latent, _framed(body, (256, 256))))
        z, _ = network(body, latent)
    torch.testing.assert_close(z, (drawn[..., 48:208].tanh() + 1) / 2)
