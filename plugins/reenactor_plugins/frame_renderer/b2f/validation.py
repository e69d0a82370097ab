"""How well B2F draws people that it was not trained on."""

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.labels import NUM_LABELS
from reenactor.metrics.pixels import psnr, ssim
from reenactor.ops.drawing import parsing_picture, picture_of
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor.values import Layer, Parsing
from reenactor_plugins.frame_renderer.b2f.colours import coloured
from reenactor_plugins.frame_renderer.b2f.label_map import one_hot
from reenactor_plugins.frame_renderer.b2f.loss import mask_loss
from reenactor_plugins.frame_renderer.b2f.network import B2F
from reenactor_plugins.frame_renderer.b2f.samples import Portraits
from reenactor_plugins.losses.matching import masked, perceptual, person_difference
from reenactor_plugins.networks.vgg import VGG19Features

SHOWN = 8
"""Columns of a sheet."""
GREY = 0.5
FACE_COLOUR = (255, 255, 255)


@torch.inference_mode()
def measured(
    network: B2F, vgg: VGG19Features | None, validation: Portraits, run: Run
) -> dict[str, float]:
    """Means over the validation examples, on the person: L1, PSNR, SSIM, and the difference
    of VGG's features where they are at hand; and the difference of the mask (Eq. 17)."""
    figures: dict[str, list[float]] = {}
    for batch in run.validation_batches(validation):
        z, m = drawn(network, batch, run)
        x, person = batch["image"].float() / 255, batch["person"]
        found = {
            "l1": [float(person_difference(x, z, person))],
            "mask": [float(mask_loss(m, person))],
            "psnr": psnr(z.cpu(), x.cpu(), person.cpu()).tolist(),
            "ssim": ssim(z.cpu(), x.cpu(), person.cpu()).tolist(),
        }
        if vgg is not None:
            with run.autocast():
                real, fake = vgg(masked(x, person)), vgg(masked(z, person))
                found["vgg"] = [float(perceptual(real, fake))]
        for name, values in found.items():
            figures.setdefault(name, []).extend(values)
    return {name: float(np.nanmean(values)) for name, values in figures.items()}


@torch.inference_mode()
def sheet(network: B2F, validation: Portraits, run: Run) -> UInt8[np.ndarray, "H W 3"]:
    """Columns of validation examples: whence the parts, label map, truth, z on grey, the mask."""
    columns = []
    for batch in run.validation_batches(validation):
        z, m = drawn(network, batch, run)
        on_grey = Layer(z, m).over(torch.full_like(z, GREY))
        for i in range(len(z)):
            rows = [_pixels(batch["source"][i]), _labels(batch["labels"][i]),
                    _pixels(batch["image"][i]), picture_of(on_grey[i : i + 1].cpu()),
                    picture_of(m[i : i + 1].expand(-1, 3, -1, -1).cpu())]  # fmt: skip
            columns.append(np.concatenate(rows))
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)


def drawn(network: B2F, batch: Batch, run: Run) -> tuple[Tensor, Tensor]:
    """(z, m) of a batch."""
    with run.autocast():
        latent = network.latent(network.encode(batch["crops"]))
        z, m = network(seen_by(network, one_hot(batch["labels"]), batch), latent)
    return z.float(), m.float()


def seen_by(network: B2F, body: Float[Tensor, "B 27 H W"], batch: Batch) -> Tensor:
    """The label map as the network takes it: with colours, if it has them."""
    if not network.colours:
        return body
    colours = coloured(batch["labels"], batch["palette"]).to(body.dtype)
    return torch.cat([body, colours], 1)


def _pixels(picture: UInt8[Tensor, "3 H W"]) -> UInt8[np.ndarray, "H W 3"]:
    pixels: np.ndarray = picture.permute(1, 2, 0).cpu().numpy()
    return pixels


def _labels(labels: UInt8[Tensor, "H W"]) -> UInt8[np.ndarray, "H W 3"]:
    """The classes in their colours, the face's features in white."""
    labels = labels.cpu()
    of_face = labels >= NUM_LABELS
    picture = picture_of(parsing_picture(Parsing(labels.masked_fill(of_face, 0)[None])))
    picture[of_face.numpy()] = FACE_COLOUR
    return picture
