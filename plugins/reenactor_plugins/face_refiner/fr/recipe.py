"""How FR is trained (section 3.3), the whole loop in sight.

    reenactor train fr --config paper --data shards/faces -s training.renderer=my.yaml --out runs/fr

FR is given the face of a rendered frame and a true face of the same person, and learns to make
the first what the frame should have shown. Half of every step is the discriminator's.
"""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from reenactor.training import Example
from reenactor.training.batches import Batch
from reenactor.training.run import Run
from reenactor_plugins.face_refiner.fr.component import identity_weights
from reenactor_plugins.face_refiner.fr.loss import (
    FRLoss,
    blended,
    edge_reconstruction,
    mask_edges,
    mask_size,
    reconstruction,
)
from reenactor_plugins.face_refiner.fr.network import ARCHITECTURES, FR
from reenactor_plugins.face_refiner.fr.options import FROptions
from reenactor_plugins.face_refiner.fr.rendered import frame_of, renderer_of
from reenactor_plugins.face_refiner.fr.samples import Faces, Render
from reenactor_plugins.face_refiner.fr.settings import FRSettings
from reenactor_plugins.face_refiner.fr.validation import measured, sheet
from reenactor_plugins.losses.adversarial import (
    least_squares_discriminator,
    least_squares_generator,
)
from reenactor_plugins.losses.matching import face_perceptual, perceptual
from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.checkpoint import load_start
from reenactor_plugins.networks.discriminators import fr_discriminator
from reenactor_plugins.networks.frozen import frozen, trained_tensors
from reenactor_plugins.networks.initialise import initialise_pix2pixhd
from reenactor_plugins.networks.vgg import VGG19Features, features_from_file
from reenactor_plugins.networks.vggface2 import VGGFace2


def train(settings: FRSettings, options: FROptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file."""
    torch.manual_seed(settings.seed)
    network = initial_network(options, settings)
    discriminator = fr_discriminator(3, settings.discriminator_width)
    initialise_pix2pixhd(discriminator)
    network, discriminator = run.network(network), run.network(discriminator)
    vgg, faces = loss_networks(settings, run)
    ema = run.ema(network)
    optimizer, discriminator_optimizer = run.adam(network), run.adam(discriminator)
    spec = settings.drawn_by()
    render = None if spec is None else rendering(spec, run)
    make = partial(Faces, settings=settings, crop=network.crop, render=render)
    samples, validation = make(run.examples, vary=True), make(run.validation, vary=False)
    samples.require_some()

    for step, batch in run.batches(
        samples,
        network=network,
        discriminator=discriminator,
        ema=ema,
        optimizer=optimizer,
        discriminator_optimizer=discriminator_optimizer,
    ):
        before, truth = batch["before"], batch["truth"]
        with run.autocast():
            c, m = network(before, network.identify(batch["identity"]))
            c, m = c.float(), m.float()
            whole = blended(c, m, before)
            made = torch.cat([c, whole])
            with frozen(discriminator):
                adversarial = least_squares_generator(discriminator(made)[0][-1])
            loss = FRLoss(
                adversarial=adversarial,
                raw=reconstruction(truth, c),
                blended=reconstruction(truth, whole),
                edges=edge_reconstruction(truth, whole),
                perceptual=perceptual_loss(vgg, faces, batch, c, whole, settings),
                mask=mask_size(m),
                mask_edges=mask_edges(m),
            )
        run.optimizer_step(optimizer, loss.total(settings), step)
        with run.autocast():
            real = discriminator(truth)[0][-1]
            fakes = discriminator(made.detach())[0][-1].chunk(2)
            one, other = (least_squares_discriminator(real, fake) for fake in fakes)
            discriminator_loss = (one + other) / 2
        run.optimizer_step(discriminator_optimizer, discriminator_loss, step)
        ema.update_parameters(network)
        run.log_scalars(step, **vars(loss), discriminator=discriminator_loss)
        if run.should_validate(step) and len(validation):
            run.log_validation(step, **measured(ema.module, validation, run))
            run.log_images(step, sheet(ema.module, validation, run))
    return run.save_weights(trained_tensors(ema.module))


def initial_network(options: FROptions, settings: FRSettings) -> FR:
    """The network as training begins: noise, but for a pretrained encoder of identities; or what
    `start` says."""
    make = partial(FR, ARCHITECTURES[options.size], options.crop, options.identity)
    network = make()
    initialise_pix2pixhd(network)
    if options.identity == "paper":
        network.load_state_dict(network.state_dict() | identity_weights(options))
    return load_start(make, network, settings.start, "fr", options)


def rendering(spec: str, run: Run) -> Render:
    """What draws the frames, in the precision of the training: it takes most of a first epoch."""
    renderer = renderer_of(spec, run.device)

    def render(own: Example, source: Example) -> Tensor:
        with run.autocast():
            return frame_of(renderer, own, source).float()

    return render


def loss_networks(settings: FRSettings, run: Run) -> tuple[VGG19Features | None, VGGFace2 | None]:
    """The pretrained network of Eq. 18, or the one that stands in for it."""
    if settings.faces is not None:
        faces = vggface2.from_file(settings.faces, "VGGFace2, of which a loss is made,")
        return None, run.network(faces)
    if settings.vgg is not None:
        return run.network(features_from_file(settings.vgg, len(settings.vgg_weights))), None
    return None, None


def perceptual_loss(
    vgg: nn.Module | None,
    faces: VGGFace2 | None,
    batch: Batch,
    c: Tensor,
    whole: Tensor,
    settings: FRSettings,
) -> Tensor:
    """Eq. 18 between c_I and both c and what is blended of it; by VGG19 between the truth and
    these; or 0."""
    if faces is not None:
        with torch.no_grad():
            wanted = faces.features(vggface2.cropped(batch["identity"]))
        found = [faces.features(vggface2.cropped(picture)) for picture in (c, whole)]
        return (face_perceptual(wanted, found[0]) + face_perceptual(wanted, found[1])) / 2
    if vgg is None:
        return c.new_zeros(())
    with torch.no_grad():
        real = vgg(batch["truth"])
    one, other = (perceptual(real, vgg(picture), settings.vgg_weights) for picture in (c, whole))
    return (one + other) / 2
