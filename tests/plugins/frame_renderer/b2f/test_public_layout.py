"""SPADE's checkpoint: keys written by hand, values copied, differences listed."""

import warnings

import pytest
import torch
from torch import Tensor, nn

from reenactor_plugins.frame_renderer.b2f.network import ARCHITECTURES, B2F
from reenactor_plugins.frame_renderer.b2f.public_layout import public_keys
from reenactor_plugins.frame_renderer.b2f.spade import SpadeBlock
from reenactor_plugins.networks.public_layout import transfer

State = dict[str, Tensor]


def conv(state: State, name: str, *shape: int) -> None:
    state[f"{name}.weight"] = torch.empty(*shape, device="meta")
    state[f"{name}.bias"] = torch.empty(shape[0], device="meta")


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
        network = B2F(ARCHITECTURES["paper"], layout, "small")  # type: ignore[arg-type]
    found = transfer(network, spade_checkpoint(27, ups), public_keys(ups))
    assert not found.misfits
    assert set(found.unused) == {"fc.weight", "fc.bias"}
    ours = {key.split(".")[0] for key in found.missing}
    assert ours == {"encoder", "project", "mask"}


def test_another_number_of_labels_is_a_misfit_of_spades_first_convolutions() -> None:
    with torch.device("meta"):
        network = B2F(ARCHITECTURES["paper"], "square", "small")
    found = transfer(network, spade_checkpoint(184, 5), public_keys(5))
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
    found = transfer(whole, state, public_keys(5))
    assert len(found.tensors) == 4
    found.apply(whole)
    x = torch.rand(1, 4, 5, 5)
    torch.testing.assert_close(new.eval().conv_0(x), old.eval()(x))
