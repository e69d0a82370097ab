"""How `retouch` is trained, the whole loop in sight.

reenactor train retouch --config small --data shards/people --out runs/retouch
"""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from reenactor.training.run import Run
from reenactor_plugins.frame_renderer.retouch.network import Retouch
from reenactor_plugins.frame_renderer.retouch.options import RetouchOptions
from reenactor_plugins.frame_renderer.retouch.samples import Redrawn
from reenactor_plugins.frame_renderer.retouch.settings import RetouchSettings
from reenactor_plugins.frame_renderer.retouch.validation import (
    mean_within,
    measured,
    person_of,
    retouched,
    sheet,
)
from reenactor_plugins.losses.matching import masked, perceptual, person_difference
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.networks.frozen import trained_tensors
from reenactor_plugins.networks.vgg import features_from_file


def train(settings: RetouchSettings, options: RetouchOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file."""
    torch.manual_seed(settings.seed)

    def make() -> Retouch:
        return Retouch(options.size)

    network = run.network(load_start(make, make(), settings.start, "retouch", options))
    vgg = None
    if settings.vgg is not None:
        vgg = run.network(features_from_file(settings.vgg, len(settings.vgg_weights)))
    ema, optimizer = run.ema(network), run.adam(network)
    validation = Redrawn(run.validation, settings, options, vary=False)

    for step, batch in run.batches(
        Redrawn(run.examples, settings, options, vary=True),
        network=network,
        ema=ema,
        optimizer=optimizer,
    ):
        truth, person = batch["truth"], person_of(batch)
        _, m, made = retouched(network, batch, run)
        inner = within(person, settings.rim)
        l1 = person_difference(truth, made, inner)
        mask = mean_within(m, person)
        likeness = torch.zeros((), device=run.device)
        if vgg is not None:
            with run.autocast():
                with torch.no_grad():
                    real = vgg(masked(truth, inner))
                likeness = perceptual(real, vgg(masked(made, inner)), settings.vgg_weights)
        total = (
            settings.lambda_l1 * l1 + settings.lambda_vgg * likeness + settings.lambda_mask * mask
        )
        run.optimizer_step(optimizer, total, step)
        ema.update_parameters(network)
        run.log_scalars(step, l1=l1, vgg=likeness, mask=mask)
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(ema.module, vgg, validation, run))
            run.log_images(step, sheet(ema.module, validation, run))
    return run.save_weights(trained_tensors(ema.module))


def within(person: Float[Tensor, "B 1 H W"], rim: int) -> Float[Tensor, "B 1 H W"]:
    """The person without so many pixels along the outline."""
    return 1 - F.max_pool2d(1 - person, 2 * rim + 1, 1, rim)
