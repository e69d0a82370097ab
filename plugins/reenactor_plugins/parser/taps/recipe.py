"""How the network of `taps` is trained, the whole loop in sight.

    reenactor train taps --config small --data shards/ccp --out runs/taps

The pose network, which is frozen, looks at each square as the parser does.
"""

from functools import partial
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.parser.taps.classes import NEAREST
from reenactor_plugins.parser.taps.loss import class_weights, taps_loss
from reenactor_plugins.parser.taps.network import ParsingNetwork
from reenactor_plugins.parser.taps.options import TapsOptions
from reenactor_plugins.parser.taps.samples import Squares, pixels_of, pose_features_of
from reenactor_plugins.parser.taps.settings import TapsSettings
from reenactor_plugins.parser.validation import measured, sheet


def train(settings: TapsSettings, options: TapsOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file.

    Raises:
        WeightsError: `start` is another network's.
        InputError: no example shows a torso.
    """
    torch.manual_seed(settings.seed)
    network = run.network(
        load_start(ParsingNetwork, ParsingNetwork(), settings.start, "taps", options)
    )
    ema, optimizer = run.ema(network), run.adam(network)
    make = partial(Squares, settings=settings)
    samples, validation = make(run.examples, vary=True), make(run.validation, vary=False)
    samples.require_some()
    weight = class_weights(samples.shares).to(run.device)
    answers = partial(logits_of, ema.module)

    for step, batch in run.batches(samples, network=network, ema=ema, optimizer=optimizer):
        with run.autocast():
            logits, coarse = network.with_auxiliary(batch["picture"], pose_features_of(batch))
        loss = taps_loss(logits.float(), coarse.float(), batch["truth"], weight)
        run.optimizer_step(optimizer, loss.total(settings), step)
        ema.update_parameters(network)
        run.log_scalars(step, **vars(loss))
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(answers, validation, run))
            run.log_images(step, sheet(answers, pixels_of, NEAREST, validation, run))
    return run.save_weights(ema.module.state_dict())


def logits_of(network: ParsingNetwork, batch: Batch) -> Float[Tensor, "N 21 H W"]:
    """What the network makes of a batch."""
    logits: Tensor = network(batch["picture"], pose_features_of(batch))
    return logits
