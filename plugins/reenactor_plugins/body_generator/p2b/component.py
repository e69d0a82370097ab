"""The body generator `p2b`: prepares the target's parsing once, then Eq. 3 per batch of poses."""

from functools import partial

import torch
from jaxtyping import Float, Shaped
from torch import Tensor
from torch.nn import functional as F

from reenactor.errors import SpecError
from reenactor.ops.drawing import stick_figure
from reenactor.ops.hand_labels import draw_hands
from reenactor.roles import BodyGenerator
from reenactor.runtime import Runtime
from reenactor.values import Motion, Parsing, Pose, Target
from reenactor_plugins.body_generator.p2b.network import ARCHITECTURES, P2B, dense_input
from reenactor_plugins.body_generator.p2b.options import P2BOptions
from reenactor_plugins.body_generator.p2b.weights import P2B_SMALL
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    random_network,
    weights_file,
)
from reenactor_plugins.networks.hands import without_hands

OneHot = Float[Tensor, "1 22 H W"]
"""p^M*, one-hot, at the network's resolution."""


class P2BGenerator(BodyGenerator[P2BOptions, OneHot]):
    """P^M_i = P2B(p^M*, P^S_i, P^D_i).

    Raises:
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: P2BOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)

    def prepare(self, target: Target, motion: Motion) -> OneHot:
        """One-hot encode the target's parsing, with or without hands as the options say."""
        del motion
        parsing = self._with_hands(target)
        return self._to_device(Parsing(self._fewer(parsing.labels)).one_hot)

    @torch.inference_mode()
    def generate(self, prepared: OneHot, pose: Pose) -> Parsing:
        """Generate the most probable class of each pixel.

        Raises:
            SpecError: the poses have no dense pose, but the network needs it.
        """
        logits = self.network(
            prepared.expand(len(pose), -1, -1, -1), self._stick(pose), self._dense(pose)
        )
        if self.options.reduce > 1:
            logits = F.interpolate(logits.float(), size=pose.canvas, mode="bilinear")
        return Parsing(logits.argmax(1).to(torch.uint8).cpu())

    def _with_hands(self, target: Target) -> Parsing:
        if not self.options.hands:
            return without_hands(target.parsing)
        return Parsing(draw_hands(target.parsing.labels, target.skeleton.hands))

    def _stick(self, pose: Pose) -> Float[Tensor, "T 3 h w"]:
        """Draw at the network's resolution, so that line widths are as in training."""
        height, width = self._fewer(torch.zeros(1, *pose.canvas)).shape[1:]
        smaller = torch.eye(2, 3).repeat(len(pose), 1, 1) / self.options.reduce
        skeleton = pose.skeleton.moved(smaller)
        return self._to_device(stick_figure(skeleton, (height, width), hands=self.options.hands))

    def _dense(self, pose: Pose) -> Float[Tensor, "T 3 h w"]:
        if self.options.dense == "none":
            height, width = self._fewer(torch.zeros(1, *pose.canvas)).shape[1:]
            return self._to_device(torch.zeros(len(pose), 3, height, width))
        if pose.dense is None:
            raise SpecError(
                "p2b needs a dense pose for every frame",
                given="poses without one",
                expected="a pose_estimator that provides `dense`, or `dense: none`",
                advice="add one to the spec: pose_estimator: [.., mannequin]",
            )
        return self._to_device(dense_input(self._fewer(pose.dense.image), self.options.dense))

    def _fewer(self, picture: Shaped[Tensor, "*C H W"]) -> Shaped[Tensor, "*C h w"]:
        """Subsample, because labels cannot be averaged."""
        step = self.options.reduce
        return picture[..., ::step, ::step]

    def _to_device(self, picture: Float[Tensor, "T C h w"]) -> Float[Tensor, "T C h w"]:
        return picture.to(self.runtime.device, self.runtime.dtype)


def _network(options: P2BOptions, runtime: Runtime) -> P2B:
    make = partial(P2B, ARCHITECTURES[options.size], options.residual_norm)
    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, P2B_SMALL), "p2b", options)
    return from_state_dict(make, tensors, "p2b", TRAINED_ADVICE)
