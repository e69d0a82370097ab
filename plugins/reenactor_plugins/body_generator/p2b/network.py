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
"""Input channels: the target's parsing, the stick figure, and I, U, V ("concatenated to one input
tensor")."""

COARSE = 8
"""Block size of the `coarse` dense pose in pixels (ours: the paper says "less accurate")."""


@dataclass(frozen=True)
class P2BArchitecture:
    """Size of the network; `blocks` is n_r, which the paper does not specify."""

    width: int
    downsamplings: int
    blocks: int


ARCHITECTURES: dict[str, P2BArchitecture] = {
    "paper": P2BArchitecture(width=64, downsamplings=4, blocks=9),
    "small": P2BArchitecture(width=24, downsamplings=3, blocks=6),
    "tiny": P2BArchitecture(width=8, downsamplings=2, blocks=1),
}


class P2B(nn.Module):
    """pix2pixHD's global generator, modified as in section 3.1.

    Batch norm in the encoder, instance norm in the decoder, ReLUs, 22 output channels. At inference
    a picture does not depend on its batch: batch norm uses running statistics, and instance norm
    works on single pictures.

    The final sigmoid is not included (`loss.probabilities`): losses are more accurate on logits,
    and the largest channel is the same.
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
            dense: P^D (I/24, U and V) in [0, 1]; all 0 if unused, which equals omitting the
                    channels.
        """
        given = torch.cat([parsing, stick, dense], 1)
        logits: Tensor = self.generator(padded(given, self.generator.multiple))
        return logits[..., : given.shape[2], : given.shape[3]]


def padded(pictures: Float[Tensor, "B C H W"], multiple: int) -> Float[Tensor, "B C H1 W1"]:
    """Pad right and below by repeating edges to a multiple of the encoder's stride.

    The result has at least two multiples, since the residual blocks use reflection padding.
    """
    height, width = pictures.shape[2:]
    grown = [max(2, -(-side // multiple)) * multiple for side in (height, width)]
    return F.pad(pictures, (0, grown[1] - width, 0, grown[0] - height), mode="replicate")


def dense_input(
    dense: Float[Tensor, "B 3 H W"], accuracy: Literal["full", "coarse", "none"]
) -> Float[Tensor, "B 3 H W"]:
    """P^D for the ablations of Fig. 6: `coarse` (c) or `none` (d)."""
    if accuracy == "none":
        return torch.zeros_like(dense)
    if accuracy == "coarse":
        rows, columns = (
            torch.arange(side, device=dense.device) // COARSE * COARSE for side in dense.shape[2:]
        )
        return dense[..., rows, :][..., columns]
    return dense
