"""The face refiner `fr`: embeds the target's face once, then Eqs. 19 and 8 per batch of frames."""

from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.roles import FaceRefiner
from reenactor.runtime import Runtime
from reenactor.values import Parsing, Pose, Target
from reenactor_plugins.face_refiner.fr.alignment import align, face_of_photo, faces_of, pasted
from reenactor_plugins.face_refiner.fr.fan import FaceAlignmentNetwork
from reenactor_plugins.face_refiner.fr.insight import InsightFaceDetector
from reenactor_plugins.face_refiner.fr.network import ARCHITECTURES, FR
from reenactor_plugins.face_refiner.fr.options import FROptions
from reenactor_plugins.face_refiner.fr.weights import FAN, FR_SMALL
from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    public_file,
    random_network,
    weights_file,
    with_prefix,
)

Identity = Float[Tensor, "1 E"] | None
"""VGGFace(c_I); None if the photo shows no face."""


class FRRefiner(FaceRefiner[FROptions, Identity]):
    """f_i = FR(f^0_i, I) on the aligned face, blended with m^c.

    Raises:
        WeightsError: weights that the options require are missing or do not fit.
        PluginError: a package needed by `landmarks` is not installed.
    """

    def __init__(self, options: FROptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)
        self.landmarks = _landmarks(options, runtime)

    @torch.inference_mode()
    def prepare(self, target: Target) -> Identity:
        """Embed the target's face, cropped from the full-size photo."""
        photo = target.photo.images
        face = target.skeleton.moved(target.window.to_source).face
        where = align(self._face_points(photo, face), self.network.crop)
        if not bool(where.seen[0]):
            return None
        return self.network.identify(self._to_device(face_of_photo(photo, where)))

    @torch.inference_mode()
    def refine(
        self,
        prepared: Identity,
        frames: Float[Tensor, "T 3 H W"],
        pose: Pose,
        body: Parsing | None,
    ) -> Float[Tensor, "T 3 H W"]:
        """Refine frames with a visible face; others are returned unchanged."""
        del body
        where = align(self._face_points(frames, pose.skeleton.face), self.network.crop)
        if prepared is None or not bool(where.seen.any()):
            return frames
        c_0 = faces_of(frames, where)
        c, m = self.network(self._to_device(c_0), prepared.expand(len(frames), -1))
        return pasted(frames, c.float().cpu(), m.float().cpu(), where)

    def _face_points(
        self, pictures: Float[Tensor, "T 3 H W"], face: Float[Tensor, "T 70 3"]
    ) -> Float[Tensor, "T 70 3"]:
        return face if self.landmarks is None else self.landmarks.refined(pictures, face)

    def _to_device(self, value: Tensor) -> Tensor:
        return value.to(self.runtime.device, self.runtime.dtype)


def _landmarks(
    options: FROptions, runtime: Runtime
) -> FaceAlignmentNetwork | InsightFaceDetector | None:
    if options.landmarks == "face-alignment":
        return FaceAlignmentNetwork(public_file(options.fan, FAN, runtime), runtime)
    if options.landmarks == "insightface":
        return InsightFaceDetector(options.insightface, runtime)
    return None


def _network(options: FROptions, runtime: Runtime) -> FR:
    make = partial(FR, ARCHITECTURES[options.size], options.crop, options.identity)
    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, FR_SMALL), "fr", options)
    if options.identity == "paper":
        tensors |= identity_weights(options)
    return from_state_dict(make, tensors, "fr", TRAINED_ADVICE)


def identity_weights(options: FROptions) -> dict[str, Tensor]:
    """Weights of the frozen network of `identity: paper`, which trained files do not contain."""
    faces = vggface2.from_file(options.faces, "VGGFace2, fr's embedding of faces,")
    return with_prefix("identity.network.", faces.state_dict())
