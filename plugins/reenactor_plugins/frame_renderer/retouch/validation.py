"""How much nearer to the truth people come whom it was not trained on."""

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.metrics.pixels import psnr, ssim
from reenactor.ops.drawing import picture_of
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor_plugins.frame_renderer.retouch.network import Retouch, completed, given_of
from reenactor_plugins.frame_renderer.retouch.samples import Redrawn
from reenactor_plugins.losses.matching import masked, perceptual, person_difference
from reenactor_plugins.networks.vgg import VGG19Features

SHOWN = 8
"""Columns of a sheet."""
GREY = 0.5


@torch.inference_mode()
def measured(
    network: Retouch, vgg: VGG19Features | None, validation: Redrawn, run: Run
) -> dict[str, float]:
    """Means over validation examples, on the person: L1, PSNR, SSIM, and the difference of VGG's
    features where they are at hand; the same of the puppet's own picture (`before_..`), which must
    be beaten; and the mask's mean."""
    figures: dict[str, list[float]] = {}
    for batch in run.validation_batches(validation):
        before, mask, after = retouched(network, batch, run)
        truth, person = batch["truth"], person_of(batch)
        found = {"mask": [float(mean_within(mask, person))]}
        with run.autocast():
            real = [] if vgg is None else vgg(masked(truth, person))
        for name, picture in (("", after), ("before_", before)):
            found[f"{name}l1"] = [float(person_difference(truth, picture, person))]
            found[f"{name}psnr"] = psnr(picture.cpu(), truth.cpu(), person.cpu()).tolist()
            found[f"{name}ssim"] = ssim(picture.cpu(), truth.cpu(), person.cpu()).tolist()
            if vgg is not None:
                with run.autocast():
                    fake = vgg(masked(picture, person))
                    found[f"{name}vgg"] = [float(perceptual(real, fake))]
        for name, values in found.items():
            figures.setdefault(name, []).extend(values)
    return {name: float(np.nanmean(values)) for name, values in figures.items()}


@torch.inference_mode()
def sheet(network: Retouch, validation: Redrawn, run: Run) -> UInt8[np.ndarray, "H W 3"]:
    """Columns of validation examples: the puppet's picture, the mask, retouched, the truth."""
    columns = []
    for batch in run.validation_batches(validation):
        before, mask, after = retouched(network, batch, run)
        person = person_of(batch)
        rows = [
            GREY + (p - GREY) * person
            for p in (before, mask.expand(-1, 3, -1, -1), after, batch["truth"])
        ]
        columns += [
            np.concatenate([picture_of(row[i : i + 1].cpu()) for row in rows])
            for i in range(len(after))
        ]
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)


def retouched(network: Retouch, batch: Batch, run: Run) -> tuple[Tensor, Tensor, Tensor]:
    """The puppet's picture, the mask, and the picture retouched."""
    before = completed(batch["rgba"], batch["flat"])
    with run.autocast():
        made = network(given_of(batch["rgba"], batch["flat"], batch["labels"]))
    return before, made.mask, made.over(before)


def person_of(batch: Batch) -> Tensor:
    """(B, 1, H, W): 1 on the person."""
    return (batch["labels"] > 0).float()[:, None]


def mean_within(mask: Float[Tensor, "B 1 H W"], person: Float[Tensor, "B 1 H W"]) -> Tensor:
    """The mask's mean on the person."""
    return (mask * person).sum() / person.sum().clamp(min=1)
