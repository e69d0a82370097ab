"""How `smp` is trained, the whole loop in sight.

    reenactor train smp --config small --data shards/ccp --out runs/parser

Cross entropy and the library's dice loss on people in squares, cut as the parser cuts them.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor.metrics.overlap import counts, micro_similarity
from reenactor.ops.drawing import parsing_picture, picture_of
from reenactor.training.run import Run
from reenactor.values import Parsing
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.construct import begun
from reenactor_plugins.parser.label_sets import SIDES, numbers_of
from reenactor_plugins.parser.smp.network import SmpNetwork, imported, maker
from reenactor_plugins.parser.smp.options import SmpOptions
from reenactor_plugins.parser.smp.samples import IGNORED, People
from reenactor_plugins.parser.smp.settings import SmpSettings

SHOWN = 8
"""Columns of a sheet."""


def train(settings: SmpSettings, options: SmpOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file.

    Raises:
        WeightsError: `encoder_weights` are not the encoder's, or `start` is another network's.
    """
    torch.manual_seed(settings.seed)
    made = maker(options)()
    if settings.encoder_weights is not None:
        begin_with(made, load_tensors(settings.encoder_weights), options.encoder)
    made = begun(maker(options), made, settings.start, "smp", options)
    network = run.network(SmpNetwork(made))
    dice = imported("segmentation_models_pytorch.losses").DiceLoss(
        "multiclass", ignore_index=IGNORED
    )
    average, optimizer = run.average(network), run.adam(network)
    make = partial(People, settings=settings, options=options)
    held_out = make(run.held_out, vary=False)

    for step, batch in run.batches(
        make(run.examples, vary=True), network=network, average=average, optimizer=optimizer
    ):
        truth = batch["truth"].long()
        with run.autocast():
            logits = network(batch["picture"] / 255).float()
        entropy = F.cross_entropy(logits, truth, ignore_index=IGNORED)
        overlap = dice(logits, truth)
        run.descend(optimizer, settings.lambda_ce * entropy + settings.lambda_dice * overlap, step)
        average.follow(network, step)
        run.tell(step, entropy=entropy, dice=overlap)
        if run.due(step) and len(held_out):
            run.report(step, **measured(average.network, held_out, options, run))
            run.show(step, sheet(average.network, held_out, options, run))
    return run.finish(average.network.network.state_dict())


def begin_with(network: Any, tensors: Mapping[str, Tensor], encoder: str) -> None:
    """Give the encoder of a network the weights of a whole model of timm.

    As part of a network some of its modules are named with `_` for `.`; what comes after the
    features (a classifier, say) has no place.

    Raises:
        WeightsError: a tensor of the encoder is not among them, or has another shape.
    """
    given = {key.replace(".", "_"): value for key, value in tensors.items()}
    own: dict[str, Tensor] = network.encoder.state_dict()
    found = {key: given.get(key.removeprefix("model.").replace(".", "_")) for key in own}
    fits = {
        key: v
        for key, v in found.items()
        if v is not None
        and v.shape == own[key].shape
        and v.is_floating_point() == own[key].is_floating_point()
    }
    wrong = [key for key in own if key not in fits]
    if wrong:
        raise WeightsError(
            "these are not the weights of the encoder",
            given=f"{len(wrong)} of {len(own)} missing or of another shape or type: "
            f"{', '.join(wrong[:3])}",
            expected=f"the weights of timm's {encoder.removeprefix('tu-')}",
        )
    network.encoder.load_state_dict(fits)


@torch.inference_mode()
def measured(
    network: SmpNetwork, held_out: People, options: SmpOptions, run: Run
) -> dict[str, float]:
    """Of what is held out: cross entropy, and the mean over classes of the IoU of all pixels,
    with and without background."""
    entropy, overlaps = [], []
    classes = tuple(range(len(options.names)))
    for batch in run.held(held_out):
        truth = batch["truth"]
        with run.autocast():
            logits = network(batch["picture"] / 255).float()
        entropy.append(float(F.cross_entropy(logits, truth.long(), ignore_index=IGNORED)))
        made = logits.argmax(1).to(torch.uint8)
        made[truth == IGNORED] = IGNORED
        overlaps.append(counts(made.cpu(), truth.cpu(), classes))
    counted = torch.cat(overlaps)
    return {
        "entropy": float(np.mean(entropy)),
        "miou": micro_similarity(counted),
        "miou_person": micro_similarity(counted[:, 1:]),
    }


@torch.inference_mode()
def sheet(
    network: SmpNetwork, held_out: People, options: SmpOptions, run: Run
) -> UInt8[np.ndarray, "H W 3"]:
    """Columns of what is held out: the picture, the truth, what the network makes of it."""
    columns = []
    for batch in run.held(held_out):
        with run.autocast():
            made = network(batch["picture"] / 255).argmax(1).to(torch.uint8)
        for picture, truth, found in zip(batch["picture"], batch["truth"], made, strict=True):
            pixels = picture.permute(1, 2, 0).cpu().numpy()
            drawn = [_drawn(labels, options) for labels in (truth, found)]
            columns.append(np.concatenate([pixels, *drawn]))
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)


def _drawn(channels: UInt8[Tensor, "S S"], options: SmpOptions) -> UInt8[np.ndarray, "S S 3"]:
    """Channels in the colours of our classes; what has no side is drawn as the left one."""
    table = torch.zeros(256, dtype=torch.uint8)
    for channel, number in enumerate(numbers_of(options.names)):
        table[channel] = SIDES[number][0] if number in SIDES else number
    return picture_of(parsing_picture(Parsing(table[channels.cpu().long()][None])))
