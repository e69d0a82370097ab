"""Loads public checkpoints whose keys and shapes match a network only in part.

The paper's networks differ from pix2pixHD's and SPADE's (batch norm in P2B's encoder, other
channels at both ends, B2F's latent and mask), so their checkpoints never fit completely. A
`Transfer` lists what fits and what does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SHOWN = 3
"""Keys of each kind that a summary names."""

PublicKeys = Mapping[str, str]
"""Public keys by ours."""


@dataclass(frozen=True)
class Transfer:
    """The part of a public checkpoint that fits a network.

    Attributes:
        tensors: the tensors that fit, by our keys.
        missing: our keys that the checkpoint lacks, such as a norm's statistics.
        misfits: our keys whose tensors have another shape in the checkpoint.
        unused: public keys without a counterpart.
    """

    tensors: Mapping[str, Tensor]
    missing: tuple[str, ...]
    misfits: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every tensor fits and none is left over."""
        return not (self.missing or self.misfits or self.unused)

    @property
    def summary(self) -> str:
        """How many tensors fit, and which do not."""
        kinds = {
            "missing": self.missing,
            "of another shape": self.misfits,
            "unused": self.unused,
        }
        rest = [
            f"{len(keys)} {kind} ({', '.join(keys[:SHOWN])}{', …' if len(keys) > SHOWN else ''})"
            for kind, keys in kinds.items()
            if keys
        ]
        return "; ".join([f"{len(self.tensors)} tensors loaded", *rest])

    def apply(self, network: nn.Module) -> None:
        """Copy the tensors that fit. `missing` and `misfits` keep their initial values."""
        own = network.state_dict()
        with torch.no_grad():
            for key, tensor in self.tensors.items():
                own[key].copy_(tensor)


def transfer(network: nn.Module, checkpoint: Mapping[str, Tensor], keys: PublicKeys) -> Transfer:
    """Compare a public checkpoint with a network, key by key.

    Args:
        network: the network to load into; it is not changed.
        checkpoint: a state dict with public keys.
        keys: the public keys by the network's.
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
"""Tensors of a norm; some norms lack the statistics."""
