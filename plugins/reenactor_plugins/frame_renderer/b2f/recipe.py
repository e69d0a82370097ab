"""How B2F is trained (section 3.2), the whole loop in sight.

    reenactor train b2f --config paper --data shards/mhp shards/cihp --out runs/b2f

One step of the generator (Eqs. 13, 15 to 18), one of both discriminators (Eq. 14), which see the
person alone, beside the label map. Where the paper is silent, the settings say what we took.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor_plugins.frame_renderer.b2f.component import encoder_weights
from reenactor_plugins.frame_renderer.b2f.face_labels import NUM_CHANNELS
from reenactor_plugins.frame_renderer.b2f.label_map import one_hot
from reenactor_plugins.frame_renderer.b2f.loss import (
    B2FLoss,
    b2f_discriminator_loss,
    hinge_over_k,
    mask_loss,
    matching_over_k,
)
from reenactor_plugins.frame_renderer.b2f.network import B2F, b2f_of
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.public_layout import public_keys
from reenactor_plugins.frame_renderer.b2f.samples import Portraits
from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings
from reenactor_plugins.frame_renderer.b2f.validation import measured, seen_by, sheet
from reenactor_plugins.losses.matching import (
    face_perceptual,
    masked,
    perceptual,
    person_difference,
)
from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.networks.discriminators import b2f_discriminators
from reenactor_plugins.networks.frozen import frozen, trained_tensors
from reenactor_plugins.networks.initialise import initialise_pix2pixhd, initialise_spade
from reenactor_plugins.networks.sampling import box_to_square, sampled
from reenactor_plugins.networks.vgg import VGG19Features, features_from_file
from reenactor_plugins.networks.vggface2 import VGGFace2


def train(settings: B2FSettings, options: B2FOptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file."""
    torch.manual_seed(settings.seed)
    network = initial_network(options, settings, run.progress.note)
    discriminators = b2f_discriminators(NUM_CHANNELS + 3, settings.discriminator_width)
    initialise_spade(discriminators)
    network, discriminators = run.network(network), run.network(discriminators)
    vgg, faces = loss_networks(settings, run)
    adversarial = settings.lambda_hinge > 0 or settings.lambda_fm > 0
    ema = run.ema(network)
    optimizer, discriminators_optimizer = run.adam(network), run.adam(discriminators)
    make = partial(Portraits, settings=settings, options=options, crop=network.encoder.crop)
    validation = make(run.validation, vary=False)
    nothing = torch.zeros((), device=run.device)

    for step, batch in run.batches(
        make(run.examples, vary=True),
        network=network,
        discriminators=discriminators,
        ema=ema,
        optimizer=optimizer,
        discriminators_optimizer=discriminators_optimizer,
    ):
        in_play = adversarial and step >= settings.discriminators_from * run.steps
        person, x = batch["person"], batch["image"].float() / 255
        body = one_hot(batch["labels"], working_dtype(settings))
        with run.autocast():
            z, m = network(
                seen_by(network, body, batch), network.latent(network.encode(batch["crops"]))
            )
            x_b, z_b = masked(x, person), masked(z, person)
            hinge, matching = nothing, nothing
            if in_play:
                hinge, matching = adversarial_terms(discriminators, body, x_b, z_b)
            loss = B2FLoss(
                hinge=hinge,
                matching=matching,
                vgg=vgg_loss(vgg, x_b, z_b, settings),
                mask=mask_loss(m.float(), person),
                face=face_loss(faces, x_b, z_b, batch),
                l1=person_difference(x, z.float(), person),
            )
        run.optimizer_step(optimizer, loss.total(settings), step)
        discriminators_loss = nothing
        if in_play:
            with run.autocast():
                real, fake = discriminate(discriminators, body, x_b, z_b.detach())
                discriminators_loss = b2f_discriminator_loss(real, fake)
            run.optimizer_step(discriminators_optimizer, discriminators_loss, step)
        ema.update_parameters(network)
        run.log_scalars(step, **vars(loss), discriminators=discriminators_loss)
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(ema.module, vgg, validation, run))
            run.log_images(step, sheet(ema.module, validation, run))
    return run.save_weights(trained_tensors(ema.module))


def initial_network(
    options: B2FOptions, settings: B2FSettings, note: Callable[[str], None] | None = None
) -> B2F:
    """The network at the start of training: random weights, pretrained encoders and, if given,
    the weights of `training.start`."""
    make = b2f_of(options)
    network = make()
    initialise_spade(network)
    initialise_pix2pixhd(network.encoder)  # ours, not part of SPADE
    network.load_state_dict(network.state_dict() | encoder_weights(options))
    keys = public_keys(network.layout.upsamplings - 2)
    return load_start(make, network, settings.start, "b2f", options, keys, note)


def loss_networks(settings: B2FSettings, run: Run) -> tuple[VGG19Features | None, VGGFace2 | None]:
    """The pretrained networks of Eqs. 16 and 18, where files are given."""
    vgg = faces = None
    if settings.vgg is not None:
        vgg = run.network(features_from_file(settings.vgg, len(settings.vgg_weights)))
    if settings.faces is not None:
        what = "VGGFace2, of which a loss is made,"
        faces = run.network(vggface2.from_file(settings.faces, what))
    return vgg, faces


def working_dtype(settings: B2FSettings) -> torch.dtype:
    """That of the convolutions: the label map is exact in either, and need not be converted."""
    return torch.bfloat16 if settings.precision == "bf16-mixed" else torch.float32


def adversarial_terms(
    discriminators: nn.Module, body: Tensor, x_b: Tensor, z_b: Tensor
) -> tuple[Tensor, Tensor]:
    """Eqs. 13 and 15 of z^b; the discriminators get no gradients."""
    with frozen(discriminators):
        of_fake = discriminators(with_condition(body, z_b))
    with torch.no_grad():
        of_real = discriminators(with_condition(body, x_b))
    return hinge_over_k(of_fake), matching_over_k(of_real, of_fake)


def discriminate(
    discriminators: nn.Module, body: Tensor, x_b: Tensor, z_b: Tensor
) -> tuple[list[list[Tensor]], list[list[Tensor]]]:
    """For Eq. 14: what the discriminators give for x^b and for z^b, seen as one batch."""
    both = discriminators(torch.cat([with_condition(body, x_b), with_condition(body, z_b)]))
    pairs = [[part.chunk(2) for part in of_one] for of_one in both]
    return (
        [[real for real, _ in of_one] for of_one in pairs],
        [[fake for _, fake in of_one] for of_one in pairs],
    )


def with_condition(body: Tensor, picture: Tensor) -> Tensor:
    """What the discriminators see: 27 + 3 channels."""
    return torch.cat([body, picture.to(body.dtype)], 1)


def vgg_loss(vgg: nn.Module | None, x_b: Tensor, z_b: Tensor, settings: B2FSettings) -> Tensor:
    """Eq. 16, or 0."""
    if vgg is None or settings.lambda_vgg == 0:
        return z_b.new_zeros(())
    if settings.vgg_reduce > 1:
        x_b, z_b = F.avg_pool2d(x_b, settings.vgg_reduce), F.avg_pool2d(z_b, settings.vgg_reduce)
    with torch.no_grad():
        real = vgg(x_b)
    return perceptual(real, vgg(z_b), settings.vgg_weights)


def face_loss(faces: VGGFace2 | None, x_b: Tensor, z_b: Tensor, batch: Batch) -> Tensor:
    """Eq. 18 at the place of the face, in those pictures that show one; or 0."""
    seen = batch["face"].abs().sum(1) > 0
    if faces is None or not bool(seen.any()):
        return z_b.new_zeros(())
    there = box_to_square(batch["face"][seen], vggface2.SIZE)
    size = (vggface2.SIZE, vggface2.SIZE)
    with torch.no_grad():
        real = faces.features(sampled(x_b[seen], there, size))
    return face_perceptual(real, faces.features(sampled(z_b[seen].float(), there, size)))
