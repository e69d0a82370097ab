"""How well FR refines faces that it was not trained on."""

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from reenactor.metrics.pixels import psnr, ssim
from reenactor.ops.drawing import picture_of
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor_plugins.face_refiner.fr.loss import blended
from reenactor_plugins.face_refiner.fr.network import FR
from reenactor_plugins.face_refiner.fr.samples import Faces

SHOWN = 8
"""Columns of a sheet."""


@torch.inference_mode()
def measured(network: FR, validation: Faces, run: Run) -> dict[str, float]:
    """Means over validation examples: L1, PSNR and SSIM of the blended face to the truth, the same
    of c^0 (`before_..`), which must be beaten, and the mask's mean."""
    figures: dict[str, list[float]] = {}
    for batch in run.validation_batches(validation):
        _, m, whole = refined(network, batch, run)
        truth = batch["truth"].cpu()
        found = {"mask": m.mean((1, 2, 3)).tolist()}
        for name, picture in (("", whole.cpu()), ("before_", batch["before"].cpu())):
            found[f"{name}l1"] = (picture - truth).abs().mean((1, 2, 3)).tolist()
            found[f"{name}psnr"] = psnr(picture, truth).tolist()
            found[f"{name}ssim"] = ssim(picture, truth).tolist()
        for name, values in found.items():
            figures.setdefault(name, []).extend(values)
    return {name: float(np.mean(values)) for name, values in figures.items()}


@torch.inference_mode()
def sheet(network: FR, validation: Faces, run: Run) -> UInt8[np.ndarray, "H W 3"]:
    """Columns of validation examples: c_I, c^0, the truth, c, c blended, the mask."""
    columns = []
    for batch in run.validation_batches(validation):
        c, m, whole = refined(network, batch, run)
        rows = [batch["identity"], batch["before"], batch["truth"], c, whole,
                m.expand(-1, 3, -1, -1)]  # fmt: skip
        columns += [
            np.concatenate([picture_of(row[i : i + 1].cpu()) for row in rows])
            for i in range(len(c))
        ]
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)


def refined(network: FR, batch: Batch, run: Run) -> tuple[Tensor, Tensor, Tensor]:
    """c, m^c, and c blended with c^0."""
    with run.autocast():
        c, m = network(batch["before"], network.identify(batch["identity"]))
    c, m = c.float(), m.float()
    return c, m, blended(c, m, batch["before"])
