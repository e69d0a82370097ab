"""Eq. 3: P^M = P2B(p^M*, P^S, P^D)."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.labels import NUM_LABELS
from reenactor_plugins.body_generator.p2b.pix2pixhd import GlobalGenerator, Norm

CHANNELS_IN = NUM_LABELS + 3 + 3
"""The target's parsing, the stick figure, and I, U, V: "concatenated to one input tensor"."""

COARSE = 8
"""Pixels of a block of the `coarse` dense pose (ours: the paper says "less accurate")."""


@dataclass(frozen=True)
class P2BArchitecture:
    """How large the network is; `blocks` is n_r, for which the paper gives no number."""

    width: int
    downsamplings: int
    blocks: int


ARCHITECTURES: dict[str, P2BArchitecture] = {
    "paper": P2BArchitecture(width=64, downsamplings=4, blocks=9),
    "small": P2BArchitecture(width=24, downsamplings=3, blocks=6),
    "tiny": P2BArchitecture(width=8, downsamplings=2, blocks=1),
}


class P2B(nn.Module):
    """pix2pixHD's global generator, changed as section 3.1 says.

    Batch norm in the encoder, instance norm in the decoder, ReLUs, 22 channels out. Both norms
    leave a picture independent of its batch at inference: batch norm then uses its running
    statistics, and instance norm looks at one picture always.

    The sigmoid at the end is left to who wants it (`loss.probabilities`): a cross entropy
    is exact only on what comes before it, and the largest channel is the same.
    """

    def __init__(self, architecture: P2BArchitecture, residual_norm: Norm = "batch") -> None:
        super().__init__()
        self.generator = GlobalGenerator(
            CHANNELS_IN,
            NUM_LABELS,
            width=architecture.width,
            downsamplings=architecture.downsamplings,
            blocks=architecture.blocks,
            encoder="batch",
            residual=residual_norm,
            decoder="instance",
        )

    def forward(
        self,
        parsing: Float[Tensor, "B 22 H W"],
        stick: Float[Tensor, "B 3 H W"],
        dense: Float[Tensor, "B 3 H W"],
    ) -> Float[Tensor, "B 22 H W"]:
        """Logits of the target's parsing in the driver's pose.

        Args:
            parsing: p^M*, one-hot.
            stick: P^S, the stick figure with hands and face, in [0, 1].
            dense: P^D, I/24, U and V, in [0, 1]; all 0 where it is not used, which is the same
                as not having the channels.
        """
        given = torch.cat([parsing, stick, dense], 1)
        logits: Tensor = self.generator(padded(given, self.generator.multiple))
        return logits[..., : given.shape[2], : given.shape[3]]


def padded(pictures: Float[Tensor, "B C H W"], multiple: int) -> Float[Tensor, "B C H1 W1"]:
    """Grown to the right and below, edges repeated, until the encoder can halve it evenly.

    At least two multiples, so that the residual blocks have something to reflect.
    """
    height, width = pictures.shape[2:]
    grown = [max(2, -(-side // multiple)) * multiple for side in (height, width)]
    return F.pad(pictures, (0, grown[1] - width, 0, grown[0] - height), mode="replicate")


def dense_input(
    dense: Float[Tensor, "B 3 H W"], accuracy: Literal["full", "coarse", "none"]
) -> Float[Tensor, "B 3 H W"]:
    """P^D as the ablations of Fig. 6 have it: `coarse` (c) or `none` (d)."""
    if accuracy == "none":
        return torch.zeros_like(dense)
    if accuracy == "coarse":
        rows, columns = (
            torch.arange(side, device=dense.device) // COARSE * COARSE for side in dense.shape[2:]
        )
        return dense[..., rows, :][..., columns]
    return dense
