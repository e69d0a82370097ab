"""Checkpoints in the public layouts of pix2pixHD and SPADE, as a start for our networks.

Our modules are named for what they do, so a public state dict needs its keys translated. The
paper's networks also differ from the public ones (batch norm in P2B's encoder, other channels at
both ends, B2F's latent and mask), so a checkpoint never fits whole: a `Transfer` says what came
over and what did not, and nothing is left out without being named.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Renaming = Mapping[str, str]
"""From our keys to public ones."""


@dataclass(frozen=True)
class Transfer:
    """What a public checkpoint gives to one of our networks.

    `tensors` bear our keys. `missing` are our keys for which the checkpoint has nothing (a norm
    with statistics that the public network does not have, say); `misfits` are our keys whose
    tensors have another shape there; `unused` are public keys that have no place here.
    """

    tensors: Mapping[str, Tensor]
    missing: tuple[str, ...]
    misfits: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not (self.missing or self.misfits or self.unused)

    def apply(self, network: nn.Module) -> None:
        """Copy what fits; what is in `missing` and `misfits` stays as it was initialised."""
        own = network.state_dict()
        with torch.no_grad():
            for key, tensor in self.tensors.items():
                own[key].copy_(tensor)


def transfer(network: nn.Module, checkpoint: Mapping[str, Tensor], keys: Renaming) -> Transfer:
    """Compare a public checkpoint with a network, key by key.

    Args:
        network: ours; it is not changed.
        checkpoint: a state dict in the public layout.
        keys: `pix2pixhd_keys` or `spade_keys`.
    """
    own = network.state_dict()
    found = {ours: checkpoint[keys[ours]] for ours in own if keys.get(ours) in checkpoint}
    fits = {ours: tensor for ours, tensor in found.items() if tensor.shape == own[ours].shape}
    used = {keys[ours] for ours in found}
    return Transfer(
        tensors=fits,
        missing=tuple(ours for ours in own if ours not in found),
        misfits=tuple(ours for ours in found if ours not in fits),
        unused=tuple(public for public in checkpoint if public not in used),
    )


NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
"""Of a norm, where it has them."""


def pix2pixhd_keys(downsamplings: int, blocks: int) -> Renaming:
    """Keys of `GlobalGenerator` in pix2pixHD's generator of the same name.

    There everything is one sequence, `model.0` to `model.N`, counted with the paddings and the
    activations: three entries for each stage after the stem's four, one for each block.
    """
    keys: dict[str, str] = {}

    def conv(ours: str, public: str) -> None:
        keys.update({f"{ours}.{part}": f"{public}.{part}" for part in ("weight", "bias")})

    def norm(ours: str, public: str) -> None:
        keys.update({f"{ours}.{part}": f"{public}.{part}" for part in NORM})

    conv("stem.conv", "model.1")
    norm("stem.norm", "model.2")
    at = 4
    for step in range(downsamplings):
        conv(f"down.{step}.conv", f"model.{at}")
        norm(f"down.{step}.norm", f"model.{at + 1}")
        at += 3
    for block in range(blocks):
        for ours, conv_at in ((0, 1), (1, 5)):
            conv(f"residual.{block}.conv_{ours}", f"model.{at}.conv_block.{conv_at}")
            norm(f"residual.{block}.norm_{ours}", f"model.{at}.conv_block.{conv_at + 1}")
        at += 1
    for step in range(downsamplings):
        conv(f"up.{step}.conv", f"model.{at}")
        norm(f"up.{step}.norm", f"model.{at + 1}")
        at += 3
    conv("head.conv", f"model.{at + 1}")
    return keys


def spade_keys(ups: int) -> Renaming:
    """Keys of B2F in SPADE's generator (`spectralspade..3x3`, `more` or `most`).

    SPADE's `fc` makes the latent of a label map or of noise, B2F's `project` of e_z; they have
    nothing in common and are not translated, nor is the mask, which SPADE does not have.

    Args:
        ups: blocks after the middle: 5 in `most`, 4 in `more`.
    """
    names = ["head_0", "G_middle_0", "G_middle_1", *(f"up_{step}" for step in range(ups))]
    keys: dict[str, str] = {}
    for index, public in enumerate(names):
        for which in ("0", "1", "s"):
            keys.update(
                _spade_conv(f"decoder.blocks.{index}.conv_{which}", f"{public}.conv_{which}")
            )
            keys.update(
                _spade_norm(f"decoder.blocks.{index}.norm_{which}", f"{public}.norm_{which}")
            )
    keys.update({f"image.{part}": f"conv_img.{part}" for part in ("weight", "bias")})
    return keys


def _spade_conv(ours: str, public: str) -> Renaming:
    """A convolution with a spectral norm: its weight, and its two singular vectors."""
    inner = f"{ours}.parametrizations.weight"
    return {
        f"{ours}.bias": f"{public}.bias",
        f"{inner}.original": f"{public}.weight_orig",
        f"{inner}.0._u": f"{public}.weight_u",
        f"{inner}.0._v": f"{public}.weight_v",
    }


def _spade_norm(ours: str, public: str) -> Renaming:
    keys = {f"{ours}.norm.{part}": f"{public}.param_free_norm.{part}" for part in NORM[2:]}
    for own, its in (("shared", "mlp_shared.0"), ("gamma", "mlp_gamma"), ("beta", "mlp_beta")):
        keys.update({f"{ours}.{own}.{p}": f"{public}.{its}.{p}" for p in ("weight", "bias")})
    return keys
