"""Public checkpoints: their keys written down by hand, values carried over, differences named."""

import warnings
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from reenactor_plugins.body_generator.p2b.network import P2B, PLANS
from reenactor_plugins.body_generator.p2b.pix2pixhd import GlobalGenerator
from reenactor_plugins.frame_renderer.b2f.network import B2F
from reenactor_plugins.frame_renderer.b2f.network import PLANS as B2F_PLANS
from reenactor_plugins.frame_renderer.b2f.spade import SpadeBlock
from reenactor_plugins.networks.construct import noise
from reenactor_plugins.networks.public_layouts import pix2pixhd_keys, spade_keys, transfer

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
        network = P2B(PLANS["paper"]).generator
    found = transfer(network, pix2pixhd_checkpoint(36, 3), pix2pixhd_keys(4, 9))
    # 28 channels come in instead of 36 and 22 go out instead of 3.
    assert set(found.misfits) == {"stem.conv.weight", "head.conv.weight", "head.conv.bias"}
    # Batch norm in the encoder and the residual blocks, instance norm (no tensors) in the decoder.
    norms = {"stem.norm", *(f"down.{i}.norm" for i in range(4))}
    norms |= {f"residual.{i}.norm_{j}" for i in range(9) for j in (0, 1)}
    tensors = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    assert set(found.missing) == {f"{norm}.{tensor}" for norm in norms for tensor in tensors}
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


def spade_checkpoint(labels: int, ups: int) -> State:
    """The state dict of SPADE's generator (64 channels, spectral norm, batch norm inside)."""
    state: State = {}
    widths = [1024, 1024, 1024, 1024, 512, 256, 128, 64, 32][: 4 + ups]
    names = ["head_0", "G_middle_0", "G_middle_1", *(f"up_{i}" for i in range(ups))]
    conv(state, "fc", 1024, labels, 3, 3)
    for name, before, after in zip(names, widths[:-1], widths[1:], strict=True):
        middle = min(before, after)
        shapes = {"0": (middle, before, 3), "1": (after, middle, 3)}
        normed = {"0": before, "1": middle}
        if before != after:
            shapes["s"], normed["s"] = (after, before, 1), before
        for which, (out, into, kernel) in shapes.items():
            at = f"{name}.conv_{which}"
            if which != "s":
                state[f"{at}.bias"] = torch.empty(out, device="meta")
            state[f"{at}.weight_orig"] = torch.empty(out, into, kernel, kernel, device="meta")
            state[f"{at}.weight_u"] = torch.empty(out, device="meta")
            state[f"{at}.weight_v"] = torch.empty(into * kernel**2, device="meta")
        for which, channels in normed.items():
            at = f"{name}.norm_{which}"
            for statistic in ("running_mean", "running_var"):
                state[f"{at}.param_free_norm.{statistic}"] = torch.empty(channels, device="meta")
            state[f"{at}.param_free_norm.num_batches_tracked"] = torch.empty((), device="meta")
            conv(state, f"{at}.mlp_shared.0", 128, labels, 3, 3)
            for part in ("mlp_gamma", "mlp_beta"):
                conv(state, f"{at}.{part}", channels, 128, 3, 3)
    conv(state, "conv_img", 3, widths[-1], 3, 3)
    return state


@pytest.mark.parametrize(("layout", "ups"), [("square", 5), ("exact", 4)])
def test_spades_decoder_fits_and_the_rest_is_named(layout: str, ups: int) -> None:
    with torch.device("meta"):
        network = B2F(B2F_PLANS["paper"], layout, "small")  # type: ignore[arg-type]
    found = transfer(network, spade_checkpoint(27, ups), spade_keys(ups))
    assert not found.misfits
    assert set(found.unused) == {"fc.weight", "fc.bias"}
    ours = {key.split(".")[0] for key in found.missing}
    assert ours == {"encoder", "project", "mask"}


def test_another_number_of_labels_is_a_misfit_of_spades_first_convolutions() -> None:
    with torch.device("meta"):
        network = B2F(B2F_PLANS["paper"], "square", "small")
    found = transfer(network, spade_checkpoint(184, 5), spade_keys(5))
    assert found.misfits
    assert all(key.endswith("shared.weight") for key in found.misfits)


def test_a_transferred_spectral_norm_computes_the_same() -> None:
    """torch's old spectral norm, which SPADE's checkpoints have, and the new one."""
    new = SpadeBlock(4, 4, 2, hidden=3, norm="batch", spectral=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # some versions of torch advise the new one
        old = nn.utils.spectral_norm(nn.Conv2d(4, 4, 3, padding=1))
    for _ in range(3):
        old(torch.rand(1, 4, 5, 5))
    state = {f"head_0.conv_0.{key}": value for key, value in old.state_dict().items()}
    whole = nn.Module()
    whole.decoder = nn.Module()
    whole.decoder.blocks = nn.ModuleList([new])
    found = transfer(whole, state, spade_keys(5))
    assert len(found.tensors) == 4
    found.apply(whole)
    x = torch.rand(1, 4, 5, 5)
    torch.testing.assert_close(new.eval().conv_0(x), old.eval()(x))


def test_what_is_missing_stays_as_it_was() -> None:
    network = noise(partial(GlobalGenerator, 5, 3, width=4, downsamplings=1, blocks=1), 0)
    before = network.state_dict()["head.conv.weight"].clone()
    found = transfer(network, {"model.1.weight": torch.ones(4, 5, 7, 7)}, pix2pixhd_keys(1, 1))
    found.apply(network)
    assert (network.state_dict()["stem.conv.weight"] == 1).all()
    torch.testing.assert_close(network.state_dict()["head.conv.weight"], before)
