"""DeepFill's layers by the figures of the authors' program, counted anew."""

import torch
from torch.nn import functional as F

from reenactor_plugins.inpainter.deepfill.network import PLAIN, DeepFill, GatedConv, LayerSpec

# (kernel, channels in, channels of the convolution), read off the authors' program: what comes
# in is half of what the convolution before gives.
COARSE = [
    (5, 5, 48), (3, 24, 96), (3, 48, 96), (3, 48, 192), *[(3, 96, 192)] * 8,
    (3, 96, 96), (3, 48, 96), (3, 48, 48), (3, 24, 24), (3, 12, 3),
]  # fmt: skip
PLAIN_BRANCH = [
    (5, 3, 48), (3, 24, 48), (3, 24, 96), (3, 48, 96), (3, 48, 192), *[(3, 96, 192)] * 5,
]  # fmt: skip
LOOKING_BRANCH = [
    (5, 3, 48), (3, 24, 48), (3, 24, 96), (3, 48, 192), *[(3, 96, 192)] * 2, *[(3, 96, 192)] * 2,
]  # fmt: skip
JOINED = [
    (3, 192, 192), (3, 96, 192), (3, 96, 96), (3, 48, 96), (3, 48, 48), (3, 24, 24), (3, 12, 3),
]  # fmt: skip


def test_the_number_of_parameters() -> None:
    every = [*COARSE, *PLAIN_BRANCH, *LOOKING_BRANCH, *JOINED]
    expected = sum(k * k * given * out + out for k, given, out in every)
    assert expected == 4_052_478  # the paper says 4.1 M
    assert sum(p.numel() for p in DeepFill().parameters()) == expected


def test_dilations_of_the_plain_branch() -> None:
    assert [layer.dilation for layer in PLAIN] == [1, 1, 1, 1, 1, 1, 2, 4, 8, 16]


def test_a_gate() -> None:
    layer = GatedConv(2, LayerSpec("a", "a", 4, kernel=1), tensorflow=True)
    x = torch.randn(1, 2, 3, 3)
    value, gate = F.conv2d(x, layer.conv.weight, layer.conv.bias).chunk(2, 1)
    torch.testing.assert_close(layer(x), F.elu(value) / (1 + torch.exp(-gate)))


def test_where_the_border_is_when_a_picture_is_halved() -> None:
    """A kernel that copies its middle begins at the second pixel, or at the first."""
    line = torch.arange(8.0).expand(1, 1, 8, 8)
    for tensorflow, expected in ((True, [1.0, 3, 5, 7]), (False, [0.0, 2, 4, 6])):
        layer = GatedConv(1, LayerSpec("a", "a", 3, stride=2, gate="none"), tensorflow)
        weight = torch.zeros(3, 1, 3, 3)
        weight[:, :, 1, 1] = 1
        layer.conv.load_state_dict({"weight": weight, "bias": torch.zeros(3)})
        assert layer(line)[0, 0, 1].tolist() == expected


def test_what_is_in_a_hole_is_not_looked_at() -> None:
    torch.manual_seed(0)
    network = DeepFill().eval()
    picture, hole = torch.rand(1, 3, 32, 40) * 2 - 1, torch.zeros(1, 1, 32, 40)
    hole[..., 8:24, 8:20] = 1
    other = torch.where(hole > 0, torch.rand(1, 3, 32, 40), picture)
    with torch.no_grad():
        assert torch.equal(network(picture, hole), network(other, hole))


def test_pictures_of_a_batch_do_not_mix() -> None:
    torch.manual_seed(0)
    network = DeepFill(tensorflow=False).eval()
    pictures, holes = torch.rand(2, 3, 32, 32), (torch.rand(2, 1, 32, 32) > 0.8).float()
    with torch.no_grad():
        both = network(pictures, holes)
        for n in range(2):
            alone = network(pictures[n : n + 1], holes[n : n + 1])
            torch.testing.assert_close(both[n : n + 1], alone)
    assert both.abs().max() <= 1
