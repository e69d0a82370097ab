"""pix2pixHD's checkpoint: keys written by hand, values copied, differences listed."""

from functools import partial

import torch
from torch import Tensor, nn

from reenactor_plugins.body_generator.p2b.network import ARCHITECTURES, P2B
from reenactor_plugins.body_generator.p2b.pix2pixhd import GlobalGenerator
from reenactor_plugins.body_generator.p2b.public_layout import pix2pixhd_keys, public_keys
from reenactor_plugins.networks.checkpoint import random_network
from reenactor_plugins.networks.public_layout import transfer

State = dict[str, Tensor]


def conv(state: State, name: str, *shape: int) -> None:
    state[f"{name}.weight"] = torch.empty(*shape, device="meta")
    state[f"{name}.bias"] = torch.empty(shape[0], device="meta")


def pix2pixhd_checkpoint(channels_in: int, channels_out: int) -> State:
    """The state dict of pix2pixHD's global generator with 4 downsamplings and 9 blocks.

    Entries of its one sequence: padding, convolution, norm, ReLU (0 to 3); four times
    convolution, norm, ReLU (4 to 15); nine blocks (16 to 24), each padding, convolution, norm,
    ReLU, padding, convolution, norm; four times transposed convolution, norm, ReLU (25 to 36);
    padding, convolution, tanh (37 to 39). Its instance norms have no tensors.
    """
    state: State = {}
    conv(state, "model.1", 64, channels_in, 7, 7)
    for entry, after in ((4, 128), (7, 256), (10, 512), (13, 1024)):
        conv(state, f"model.{entry}", after, after // 2, 3, 3)
    for entry in range(16, 25):
        for inner in (1, 5):
            conv(state, f"model.{entry}.conv_block.{inner}", 1024, 1024, 3, 3)
    for entry, after in ((25, 512), (28, 256), (31, 128), (34, 64)):
        state[f"model.{entry}.weight"] = torch.empty(after * 2, after, 3, 3, device="meta")
        state[f"model.{entry}.bias"] = torch.empty(after, device="meta")
    conv(state, "model.38", channels_out, 64, 7, 7)
    return state


def test_pix2pixhds_own_generator_fits_whole() -> None:
    with torch.device("meta"):
        network = GlobalGenerator(36, 3)
    found = transfer(network, pix2pixhd_checkpoint(36, 3), pix2pixhd_keys(4, 9))
    assert found.complete
    assert set(found.tensors) == set(network.state_dict())


def test_what_p2b_changes_is_named() -> None:
    with torch.device("meta"):
        network = P2B(ARCHITECTURES["paper"])
    found = transfer(network, pix2pixhd_checkpoint(36, 3), public_keys(ARCHITECTURES["paper"]))
    # 28 channels come in instead of 36 and 22 go out instead of 3.
    assert set(found.misfits) == {
        f"generator.{key}" for key in ("stem.conv.weight", "head.conv.weight", "head.conv.bias")
    }
    # Batch norm in the encoder and the residual blocks, instance norm (no tensors) in the decoder.
    norms = {"stem.norm", *(f"down.{i}.norm" for i in range(4))}
    norms |= {f"residual.{i}.norm_{j}" for i in range(9) for j in (0, 1)}
    tensors = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    assert set(found.missing) == {
        f"generator.{norm}.{tensor}" for norm in norms for tensor in tensors
    }
    assert not found.unused
    assert not found.complete


def test_keys_that_have_no_place_are_named() -> None:
    with torch.device("meta"):
        network = GlobalGenerator(36, 3)
    state = pix2pixhd_checkpoint(36, 3)
    state["model1_1.1.weight"] = torch.empty(1, device="meta")  # of its local enhancer
    assert transfer(network, state, pix2pixhd_keys(4, 9)).unused == ("model1_1.1.weight",)


class Block(nn.Module):
    """pix2pixHD's residual block, by its layout."""

    def __init__(self) -> None:
        super().__init__()
        norm = partial(nn.InstanceNorm2d, 8)
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(8, 8, 3), norm(), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(8, 8, 3), norm(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.conv_block(x)
        return out


def test_a_transferred_generator_computes_the_same() -> None:
    sequence = [
        nn.ReflectionPad2d(3), nn.Conv2d(5, 4, 7), nn.InstanceNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 8, 3, stride=2, padding=1), nn.InstanceNorm2d(8), nn.ReLU(),
        Block(),
        nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1),
        nn.InstanceNorm2d(4), nn.ReLU(),
        nn.ReflectionPad2d(3), nn.Conv2d(4, 3, 7), nn.Tanh(),
    ]  # fmt: skip
    public = nn.Module()
    public.model = nn.Sequential(*sequence)
    network = GlobalGenerator(5, 3, width=4, downsamplings=1, blocks=1)
    found = transfer(network, public.state_dict(), pix2pixhd_keys(1, 1))
    assert found.complete
    found.apply(network)
    x = torch.rand(2, 5, 8, 6)
    torch.testing.assert_close(network(x).tanh(), public.model(x))


def test_what_is_missing_stays_as_it_was() -> None:
    network = random_network(partial(GlobalGenerator, 5, 3, width=4, downsamplings=1, blocks=1), 0)
    before = network.state_dict()["head.conv.weight"].clone()
    found = transfer(network, {"model.1.weight": torch.ones(4, 5, 7, 7)}, pix2pixhd_keys(1, 1))
    found.apply(network)
    assert (network.state_dict()["stem.conv.weight"] == 1).all()
    torch.testing.assert_close(network.state_dict()["head.conv.weight"], before)
