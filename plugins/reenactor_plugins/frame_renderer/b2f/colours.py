"""Maps of the photo's mean colour per class (ours).

In the paper a target's colours are only in e_z and pass through seven normalised blocks, which
takes long training, too long for a small network on a CPU. As three more channels of the label map
they are available from the first step.
"""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.labels import NUM_LABELS, PART_GROUPS, Label
from reenactor_plugins.frame_renderer.b2f.face_labels import NUM_CHANNELS

LEAST = 4
"""Minimum number of pixels for a class to have its own colour."""


def palettes(
    images: Float[Tensor, "T 3 H W"], labels: UInt8[Tensor, "T H W"]
) -> Float[Tensor, "T 27 3"]:
    """Mean colours in [0, 1]. A class that is not visible gets the colour of its group (t1 .. t5)
    or of the person. The background gets the person's, so that no dark rim appears where the mask
    extends beyond the parsing."""
    return torch.stack([_palette(i, p) for i, p in zip(images, labels.long(), strict=True)])


def _palette(image: Float[Tensor, "3 H W"], labels: Tensor) -> Float[Tensor, "27 3"]:
    flat, pixels = labels.flatten(), image.flatten(1).T
    counts = torch.zeros(NUM_CHANNELS).index_add_(0, flat, torch.ones(len(flat)))
    sums = torch.zeros(NUM_CHANNELS, 3).index_add_(0, flat, pixels.float())
    whole = sums[1:].sum(0) / counts[1:].sum().clamp(min=1)
    palette = whole.repeat(NUM_CHANNELS, 1)
    groups = [*([int(c) for c in group] for group in PART_GROUPS.values())]
    for group in groups:
        count = counts[group].sum()
        if count >= LEAST:
            palette[group] = sums[group].sum(0) / count
    palette[NUM_LABELS:] = _mean(sums, counts, Label.FACE, palette[Label.FACE])
    for label in range(1, NUM_CHANNELS):
        palette[label] = _mean(sums, counts, label, palette[label])
    return palette


def _mean(sums: Tensor, counts: Tensor, label: int, instead: Tensor) -> Tensor:
    return sums[label] / counts[label] if counts[label] >= LEAST else instead


def coloured(
    labels: UInt8[Tensor, "T H W"], palette: Float[Tensor, "T 27 3"]
) -> Float[Tensor, "T 3 H W"]:
    """Colour each pixel by its class."""
    pixels = torch.stack([p[m] for p, m in zip(palette, labels.long(), strict=True)])
    return pixels.permute(0, 3, 1, 2)
