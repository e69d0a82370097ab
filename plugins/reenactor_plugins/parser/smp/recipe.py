"""How `smp` is trained, the whole loop in sight.

    reenactor train smp --config small --data shards/ccp --out runs/parser

Cross entropy and the library's dice loss on people in squares, cut as the parser cuts them.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.parser.label_sets import SIDES, numbers_of
from reenactor_plugins.parser.smp.network import SmpNetwork, imported, maker
from reenactor_plugins.parser.smp.options import SmpOptions
from reenactor_plugins.parser.smp.samples import SmpSamples
from reenactor_plugins.parser.smp.settings import SmpSettings
from reenactor_plugins.parser.validation import IGNORED, measured, sheet


def train(settings: SmpSettings, options: SmpOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file.

    Raises:
        WeightsError: `encoder_weights` are not the encoder's, or `start` is another network's.
    """
    torch.manual_seed(settings.seed)
    made = maker(options)()
    if settings.encoder_weights is not None:
        load_encoder_weights(made, load_tensors(settings.encoder_weights), options.encoder)
    made = load_start(maker(options), made, settings.start, "smp", options)
    network = run.network(SmpNetwork(made))
    dice = imported("segmentation_models_pytorch.losses").DiceLoss(
        "multiclass", ignore_index=IGNORED
    )
    ema, optimizer = run.ema(network), run.adam(network)
    make = partial(SmpSamples, settings=settings, options=options)
    validation = make(run.validation, vary=False)
    answers = partial(logits_of, ema.module)

    for step, batch in run.batches(
        make(run.examples, vary=True), network=network, ema=ema, optimizer=optimizer
    ):
        truth = batch["truth"].long()
        with run.autocast():
            logits = logits_of(network, batch).float()
        entropy = F.cross_entropy(logits, truth, ignore_index=IGNORED)
        overlap = dice(logits, truth)
        run.optimizer_step(
            optimizer, settings.lambda_ce * entropy + settings.lambda_dice * overlap, step
        )
        ema.update_parameters(network)
        run.log_scalars(step, entropy=entropy, dice=overlap)
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(answers, validation, run))
            run.log_images(step, sheet(answers, pixels_of, drawn_as(options), validation, run))
    return run.save_weights(ema.module.network.state_dict())


def load_encoder_weights(network: Any, tensors: Mapping[str, Tensor], encoder: str) -> None:
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


def logits_of(network: SmpNetwork, batch: Batch) -> Float[Tensor, "N C H W"]:
    """What the network makes of a batch."""
    logits: Tensor = network(batch["picture"] / 255)
    return logits


def pixels_of(batch: Batch) -> UInt8[Tensor, "N 3 H W"]:
    """Its pictures."""
    return batch["picture"]


def drawn_as(options: SmpOptions) -> tuple[int, ...]:
    """Which of our classes each channel is drawn as: the left one, where it has no side."""
    return tuple(int(SIDES.get(number, (number,))[0]) for number in numbers_of(options.names))
