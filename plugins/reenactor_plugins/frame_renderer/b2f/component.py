"""The frame renderer `b2f`: Eqs. 4 and 5 once per target, Eq. 6 per batch of frames."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.errors import SpecError
from reenactor.ops.hand_labels import draw_hands
from reenactor.pipeline import method
from reenactor.roles import FrameRenderer
from reenactor.runtime import Runtime
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.frame_renderer.b2f.colours import coloured, palettes
from reenactor_plugins.frame_renderer.b2f.encoders import DEPTH
from reenactor_plugins.frame_renderer.b2f.label_map import numbered, one_hot
from reenactor_plugins.frame_renderer.b2f.network import B2F, b2f_of
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.parts import cropper
from reenactor_plugins.frame_renderer.b2f.weights import B2F_SMALL
from reenactor_plugins.networks import vgg, vggface2
from reenactor_plugins.networks.checkpoint import (
    PUBLIC_ADVICE,
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    random_network,
    weights_file,
    with_prefix,
)
from reenactor_plugins.networks.vgg import features_from_file

Latent = Float[Tensor, "1 C h w"]
"""The target's appearance, after the fully connected layer."""


@dataclass(frozen=True)
class PreparedAppearance:
    """A target's latent and, if the network uses them, its colours by class."""

    latent: Latent
    palette: Float[Tensor, "1 27 3"] | None


class B2FRenderer(FrameRenderer[B2FOptions, PreparedAppearance]):
    """(z_i, m_i) = B2F(P^M_i, e_z).

    Raises:
        WeightsError: weights that the options require are missing or do not fit.
    """

    def __init__(self, options: B2FOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)

    @torch.inference_mode()
    def prepare(self, target: Target, motion: Motion) -> PreparedAppearance:
        """Compute the five part crops, their embeddings, and the latent."""
        del motion
        l = cropper(self.options, self.network.encoder.crop)
        t = method.parts(l, target.image, target.parsing)
        e_z = self.network.encode(self._to_device(t))
        return PreparedAppearance(self.network.latent(e_z), self._palette(target))

    def _palette(self, target: Target) -> Float[Tensor, "1 27 3"] | None:
        if not self.options.colours:
            return None
        body = Parsing(draw_hands(target.parsing.labels, target.skeleton.hands))
        labels = numbered(body, target.skeleton.face, self.options.hands, self.options.face_labels)
        return palettes(target.image, labels)

    @torch.inference_mode()
    def render(
        self, prepared: PreparedAppearance, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        """Render a batch of frames (one by one in the paper); frames are independent.

        Raises:
            SpecError: the spec has no body generator.
        """
        del past
        if body is None:
            raise SpecError(
                "b2f renders parsings",
                given="none",
                expected="a `body_generator` in the spec",
                advice="add `body_generator: p2b`",
            )
        labels = numbered(body, pose.skeleton.face, self.options.hands, self.options.face_labels)
        given = one_hot(labels)
        if prepared.palette is not None:
            palette = prepared.palette.expand(len(pose), -1, -1)
            given = torch.cat([given, coloured(labels, palette)], 1)
        latent = prepared.latent.expand(len(pose), -1, -1, -1)
        z, m = self.network(self._to_device(given), latent)
        mask = body.mask if self.options.mask == "parsing" else m.float().cpu()
        return Layer(z.float().cpu(), mask)

    def _to_device(self, value: Tensor) -> Tensor:
        return value.to(self.runtime.device, self.runtime.dtype)


def _network(options: B2FOptions, runtime: Runtime) -> B2F:
    make = b2f_of(options)
    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, B2F_SMALL), "b2f", options)
    return from_state_dict(make, tensors | encoder_weights(options), "b2f", TRAINED_ADVICE)


def encoder_weights(options: B2FOptions) -> dict[str, Tensor]:
    """Weights of an encoder's frozen networks, which are not in a file of trained weights."""
    if options.encoder == "small":
        return {}
    clothes = "VGG19, b2f's encoder of clothes,"
    if options.encoder == "vgg":
        features = features_from_file(
            options.imagenet, DEPTH, "imagenet", clothes, PUBLIC_ADVICE
        ).state_dict()
        return with_prefix("encoder.face.network.vgg.", features) | with_prefix(
            "encoder.garment.network.vgg.", features
        )
    faces = vggface2.from_file(options.faces, "VGGFace2, b2f's encoder of faces,")
    garments = vgg.from_file(options.imagenet, clothes)
    return with_prefix("encoder.face.network.", faces.state_dict()) | with_prefix(
        "encoder.garment.network.", garments.state_dict()
    )
