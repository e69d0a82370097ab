"""Validation of parsing networks."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.metrics.overlap import counts, micro_similarity
from reenactor.ops.drawing import parsing_picture, picture_of
from reenactor.training.batches import Batch, Samples
from reenactor.training.run import Run
from reenactor.values import Parsing

IGNORED = 255
"""Label of ignored pixels."""
SHOWN = 8
"""Columns of a contact sheet."""

Logits = Callable[[Batch], Float[Tensor, "N C H W"]]
"""Maps a batch to logits."""


@torch.inference_mode()
def measured(logits_of: Logits, validation: Samples, run: Run) -> dict[str, float]:
    """Cross entropy, and the mean over classes of the IoU of all pixels, with and without
    background. Batches have a `truth`, (N, H, W): the network's channels, or `IGNORED`."""
    entropy, overlaps = [], []
    for batch in run.validation_batches(validation):
        truth = batch["truth"]
        with run.autocast():
            logits = logits_of(batch).float()
        entropy.append(float(F.cross_entropy(logits, truth.long(), ignore_index=IGNORED)))
        made = logits.argmax(1).to(torch.uint8)
        made[truth == IGNORED] = IGNORED
        overlaps.append(counts(made.cpu(), truth.cpu(), range(logits.shape[1])))
    counted = torch.cat(overlaps)
    return {
        "entropy": float(np.mean(entropy)),
        "miou": micro_similarity(counted),
        "miou_person": micro_similarity(counted[:, 1:]),
    }


@torch.inference_mode()
def sheet(
    logits_of: Logits,
    pixels_of: Callable[[Batch], UInt8[Tensor, "N 3 H W"]],
    classes: Sequence[int],
    validation: Samples,
    run: Run,
) -> UInt8[np.ndarray, "H W 3"]:
    """A contact sheet with the picture, the ground truth and the prediction in each column.

    Args:
        logits_of: the network.
        pixels_of: maps a batch to its pictures.
        classes: our class as which each channel is drawn.
        validation: the validation samples.
        run: the training.
    """
    table = torch.zeros(256, dtype=torch.uint8)
    table[: len(classes)] = torch.tensor(classes, dtype=torch.uint8)
    columns = []
    for batch in run.validation_batches(validation):
        with run.autocast():
            made = logits_of(batch).argmax(1)
        for picture, truth, found in zip(pixels_of(batch), batch["truth"], made, strict=True):
            labels = [table[channels.cpu().long()][None] for channels in (truth, found)]
            drawn = [picture_of(parsing_picture(Parsing(one))) for one in labels]
            columns.append(np.concatenate([picture.permute(1, 2, 0).cpu().numpy(), *drawn]))
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)
