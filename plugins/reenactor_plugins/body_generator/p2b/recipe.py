"""How P2B is trained (section 3.1), the whole loop in sight.

    reenactor train p2b --config paper --data shards/vip --out runs/p2b

The generator's loss is Eq. 9 with both discriminators; one step of the generator, one of the
discriminators. Where the paper is silent, the settings say what we took.
"""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.labels import NUM_LABELS
from reenactor.metrics import overlap
from reenactor.ops.drawing import parsing_picture, picture_of
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor.values import Parsing
from reenactor_plugins.body_generator.p2b.loss import (
    p2b_discriminator_loss,
    p2b_loss,
    probabilities,
)
from reenactor_plugins.body_generator.p2b.network import (
    ARCHITECTURES,
    CHANNELS_IN,
    P2B,
    dense_input,
)
from reenactor_plugins.body_generator.p2b.options import P2BOptions
from reenactor_plugins.body_generator.p2b.public_layout import public_keys
from reenactor_plugins.body_generator.p2b.samples import Pairs
from reenactor_plugins.body_generator.p2b.settings import P2BSettings
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.networks.discriminators import p2b_discriminators
from reenactor_plugins.networks.frozen import frozen, trained_tensors
from reenactor_plugins.networks.initialise import initialise_pix2pixhd

CLASSES = range(1, NUM_LABELS)
"""Of which the mean is taken: all but the background."""

SHOWN = 8
"""Columns of a sheet."""


def train(settings: P2BSettings, options: P2BOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file."""
    torch.manual_seed(settings.seed)
    network = _made(options)
    discriminators = p2b_discriminators(
        NUM_LABELS + (CHANNELS_IN if settings.conditional else 0), settings.discriminator_width
    )
    for module in (network, discriminators):
        initialise_pix2pixhd(module)
    network = load_start(
        partial(_made, options),
        network,
        settings.start,
        "p2b",
        options,
        public_keys(ARCHITECTURES[options.size]),
        run.progress.note,
    )
    adversarial = settings.lambda_d > 0 or settings.lambda_ls > 0
    network, discriminators = run.network(network), run.network(discriminators)
    ema = run.ema(network)
    optimizer, discriminators_optimizer = run.adam(network), run.adam(discriminators)
    make = partial(Pairs, settings=settings, options=options)
    validation = make(run.validation, vary=False)

    for step, batch in run.batches(
        make(run.examples, vary=True),
        network=network,
        discriminators=discriminators,
        ema=ema,
        optimizer=optimizer,
        discriminators_optimizer=discriminators_optimizer,
    ):
        if step < settings.half_size_until * run.steps:
            batch = halved(batch)
        given = inputs_of(batch, options)
        truth = batch["truth"]
        of_real: list[list[Tensor]] = []
        of_fake: list[list[Tensor]] = []
        with run.autocast():
            logits = network(*given)
            if adversarial:
                condition = torch.cat(given, 1) if settings.conditional else truth.new_empty(0)
                real = with_condition(one_hot(truth), condition)
                fake = with_condition(probabilities(logits.float()), condition)
                with torch.no_grad():
                    of_real = discriminators(real)
                with frozen(discriminators):
                    of_fake = discriminators(fake)
            loss = p2b_loss(
                of_real, of_fake, logits.float(), truth, settings.entropy, settings.balance
            )
        run.optimizer_step(optimizer, loss.total(settings), step)
        figures = {"entropy": loss.entropy}
        if adversarial:
            with run.autocast():
                discriminators_loss = p2b_discriminator_loss(
                    discriminators(real), discriminators(fake.detach())
                )
            run.optimizer_step(discriminators_optimizer, discriminators_loss, step)
            figures = {**vars(loss), "discriminators": discriminators_loss}
        ema.update_parameters(network)
        run.log_scalars(step, **figures)
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(ema.module, validation, options, run))
            run.log_images(step, sheet(ema.module, validation, options, run))
    return run.save_weights(trained_tensors(ema.module))


def _made(options: P2BOptions) -> P2B:
    return P2B(ARCHITECTURES[options.size], options.residual_norm)


def inputs_of(batch: Batch, options: P2BOptions) -> tuple[Tensor, Tensor, Tensor]:
    """p^M* one-hot, P^S and P^D as the network takes them."""
    return (
        one_hot(batch["parsing"]),
        batch["stick"],
        dense_input(batch["dense"], options.dense),
    )


def one_hot(labels: UInt8[Tensor, "B H W"]) -> Float[Tensor, "B 22 H W"]:
    """One channel for each class."""
    return Parsing(labels).one_hot.contiguous(memory_format=torch.channels_last)


def with_condition(
    parsing: Float[Tensor, "B 22 H W"], condition: Tensor
) -> Float[Tensor, "B C H W"]:
    """What the discriminators see: a parsing, beside what P2B was given where it is conditional."""
    return torch.cat([parsing, condition], 1) if condition.numel() else parsing


def halved(batch: Batch) -> Batch:
    """The same at half the size: every second label, means of colours."""
    return {
        key: value[:, ::2, ::2] if value.ndim == 3 else F.avg_pool2d(value, 2)
        for key, value in batch.items()
    }


@torch.inference_mode()
def measured(network: P2B, validation: Pairs, options: P2BOptions, run: Run) -> dict[str, float]:
    """Of validation examples: cross entropy, IoU of the silhouettes (SSBS) and mean IoU over the
    classes of each picture (SSIS), as Table 1 has them."""
    entropy, binary, semantic = [], [], []
    for batch in run.validation_batches(validation):
        with run.autocast():
            logits = network(*inputs_of(batch, options)).float()
        truth, made = batch["truth"], logits.argmax(1).to(torch.uint8)
        entropy += F.cross_entropy(logits, truth.long(), reduction="none").mean((1, 2)).tolist()
        binary += overlap.similarity(overlap.binary_counts(made, truth)).tolist()
        semantic += overlap.similarity(overlap.counts(made, truth, CLASSES)).tolist()
    return {
        "entropy": float(np.mean(entropy)),
        "ssbs": float(np.nanmean(binary)),
        "ssis": float(np.nanmean(semantic)),
    }


@torch.inference_mode()
def sheet(
    network: P2B, validation: Pairs, options: P2BOptions, run: Run
) -> UInt8[np.ndarray, "H W 3"]:
    """Columns of validation examples: the person, the pose, the truth, what P2B makes of it."""
    columns = []
    for batch in run.validation_batches(validation):
        with run.autocast():
            made = network(*inputs_of(batch, options)).argmax(1).to(torch.uint8)
        for i in range(len(made)):
            stick = (batch["stick"][i].permute(1, 2, 0) * 255).byte().cpu().numpy()
            rows = [_picture(batch["parsing"][i]), stick,
                    _picture(batch["truth"][i]), _picture(made[i])]  # fmt: skip
            columns.append(np.concatenate(rows))
        if len(columns) >= SHOWN:
            break
    return np.concatenate(columns[:SHOWN], 1)


def _picture(labels: Tensor) -> np.ndarray:
    return picture_of(parsing_picture(Parsing(labels[None].cpu())))
