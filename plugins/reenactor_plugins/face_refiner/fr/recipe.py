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
from reenactor_plugins.face_refiner.fr.held_out import measured, sheet
from reenactor_plugins.face_refiner.fr.network import FR, PLANS
from reenactor_plugins.face_refiner.fr.options import FROptions
from reenactor_plugins.face_refiner.fr.rendered import frame_of, renderer_of
from reenactor_plugins.face_refiner.fr.samples import Faces, Render
from reenactor_plugins.face_refiner.fr.settings import FRSettings
from reenactor_plugins.losses.adversarial import (
    least_squares_discriminator,
    least_squares_generator,
)
from reenactor_plugins.losses.fr import (
    FRLoss,
    FRWeights,
    blended,
    edge_reconstruction,
    face_perceptual,
    mask_edges,
    mask_size,
    reconstruction,
)
from reenactor_plugins.losses.matching import perceptual
from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.construct import begun, initialise
from reenactor_plugins.networks.discriminators import fr_discriminator
from reenactor_plugins.networks.frozen import still, trained_tensors
from reenactor_plugins.networks.vgg_taps import VGGTaps, vgg_taps
from reenactor_plugins.networks.vggface2 import VGGFace2


def train(settings: FRSettings, options: FROptions, run: Run) -> Path | None:
    """Train, or go on; gives the weights' file."""
    torch.manual_seed(settings.seed)
    network = started(options, settings)
    judge = fr_discriminator(3, settings.judge_width)
    initialise(judge)
    network, judge = run.network(network), run.network(judge)
    vgg, faces = critics(settings, run)
    average = run.average(network)
    descent, judging = run.adam(network), run.adam(judge)
    spec = settings.drawn_by()
    render = None if spec is None else rendering(spec, run)
    make = partial(Faces, settings=settings, crop=network.crop, render=render)
    samples, held_out = make(run.examples, vary=True), make(run.held_out, vary=False)
    samples.require_some()

    for step, batch in run.batches(
        samples,
        network=network,
        judge=judge,
        average=average,
        descent=descent,
        judging=judging,
    ):
        before, truth = batch["before"], batch["truth"]
        with run.autocast():
            c, m = network(before, network.identify(batch["identity"]))
            c, m = c.float(), m.float()
            whole = blended(c, m, before)
            made = torch.cat([c, whole])
            with still(judge):
                adversarial = least_squares_generator(judge(made)[0][-1])
            loss = FRLoss(
                adversarial=adversarial,
                raw=reconstruction(truth, c),
                blended=reconstruction(truth, whole),
                edges=edge_reconstruction(truth, whole),
                perceptual=likeness(vgg, faces, batch, c, whole, settings),
                mask=mask_size(m),
                mask_edges=mask_edges(m),
            )
        run.descend(descent, loss.total(weights_of(settings)), step)
        with run.autocast():
            real, fakes = judge(truth)[0][-1], judge(made.detach())[0][-1].chunk(2)
            one, other = (least_squares_discriminator(real, fake) for fake in fakes)
            judge_loss = (one + other) / 2
        run.descend(judging, judge_loss, step)
        average.follow(network, step)
        run.tell(step, **vars(loss), judge=judge_loss)
        if run.due(step) and len(held_out):
            run.report(step, **measured(average.network, held_out, run))
            run.show(step, sheet(average.network, held_out, run))
    return run.finish(trained_tensors(average.network))


def started(options: FROptions, settings: FRSettings) -> FR:
    """The network as training begins: noise, but for a pretrained encoder of identities; or what
    `start` says."""
    make = partial(FR, PLANS[options.size], options.crop, options.identity)
    network = make()
    initialise(network)
    if options.identity == "paper":
        network.load_state_dict(network.state_dict() | identity_weights(options))
    return begun(make, network, settings.start, "fr", options)


def rendering(spec: str, run: Run) -> Render:
    """What draws the frames, in the precision of the training: it takes most of a first epoch."""
    renderer = renderer_of(spec, run.device)

    def render(own: Example, source: Example) -> Tensor:
        with run.autocast():
            return frame_of(renderer, own, source).float()

    return render


def weights_of(settings: FRSettings) -> FRWeights:
    """Of each term."""
    return FRWeights(
        adversarial=settings.lambda_adversarial,
        raw=settings.lambda_raw,
        blended=settings.lambda_blended,
        edges=settings.lambda_edges,
        perceptual=settings.lambda_perceptual,
        mask=settings.lambda_mask,
        mask_edges=settings.lambda_mask_edges,
    )


def critics(settings: FRSettings, run: Run) -> tuple[VGGTaps | None, VGGFace2 | None]:
    """The pretrained network of Eq. 18, or the one that stands in for it."""
    if settings.faces is not None:
        faces = vggface2.from_file(settings.faces, "VGGFace2, of which a loss is made,")
        return None, run.network(faces)
    if settings.vgg is not None:
        return run.network(vgg_taps(settings.vgg, len(settings.vgg_weights))), None
    return None, None


def likeness(
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
            wanted = faces.taps(vggface2.fitted(batch["identity"]))
        found = [faces.taps(vggface2.fitted(picture)) for picture in (c, whole)]
        return (face_perceptual(wanted, found[0]) + face_perceptual(wanted, found[1])) / 2
    if vgg is None:
        return c.new_zeros(())
    with torch.no_grad():
        real = vgg(batch["truth"])
    one, other = (perceptual(real, vgg(picture), settings.vgg_weights) for picture in (c, whole))
    return (one + other) / 2
