"""The frame renderer `retouch`: the puppet's picture, refined by a network frame by frame."""

from typing import final

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor.roles import FrameRenderer
from reenactor.runtime import Runtime
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.frame_renderer.retouch.network import Retouch, Retouched, given_of
from reenactor_plugins.frame_renderer.retouch.options import RetouchOptions
from reenactor_plugins.frame_renderer.retouch.weights import RETOUCH_SMALL
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    random_network,
    weights_file,
)
from reenactor_plugins.puppet.drawing import (
    PreparedPuppet,
    drawn,
    layer_of,
    prepared,
    tensor_of,
)
from reenactor_plugins.puppet.fit import flat_colours
from reenactor_plugins.puppet.sprite import paint_labels

HEIGHT = 256
"""Height of the network's input in pixels; its output is enlarged to the canvas."""
MARGIN = 8
"""Minimum margin around the person in pixels."""


@final
class RetouchRenderer(FrameRenderer[RetouchOptions, PreparedPuppet]):
    """Retouches the puppet's picture; the mask stays the puppet's.

    Raises:
        WeightsError: weights that the options require are missing or do not fit.
    """

    def __init__(self, options: RetouchOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self.network = for_inference(_network(options, runtime), runtime)

    def prepare(self, target: Target, motion: Motion) -> PreparedPuppet:
        return prepared(self.options, target, motion)

    @torch.inference_mode()
    def render(
        self, prepared: PreparedPuppet, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del past
        stamps = prepared.posed(pose)
        rgba = tensor_of(drawn(prepared.clothes, stamps, pose.canvas, body))
        if body is None:
            own = [paint_labels(parts, pose.canvas) for parts in stamps]
            body = Parsing(torch.from_numpy(np.stack(own)))
        flat = tensor_of(flat_colours(prepared.clothes, body.labels.numpy()))
        layer = layer_of(rgba)
        return Layer(self._changes(rgba, flat, body.labels).over(layer.image), layer.mask)

    def _changes(
        self,
        rgba: Float[Tensor, "T 4 H W"],
        flat: Float[Tensor, "T 3 H W"],
        labels: UInt8[Tensor, "T H W"],
    ) -> Retouched:
        """Run the network; the output has the canvas's size."""
        canvas = (rgba.shape[2], rgba.shape[3])
        step = self.network.multiple
        scale = HEIGHT / canvas[0]
        size = [max(step, round(scale * length / step) * step) for length in canvas]
        picture, colour = (
            F.interpolate(p, size, mode="bilinear", antialias=True) for p in (rgba, flat)
        )
        classes = F.interpolate(labels[:, None].float(), size, mode="nearest-exact").byte()[:, 0]
        given = given_of(picture, colour, classes)
        changes = torch.cat([colour, torch.zeros_like(picture[:, 3:])], 1)
        for t in range(
            len(given)
        ):  # each in its own box, so that results do not depend on the batch
            box = _around((classes[t] > 0) | (picture[t, 3] > 0), step)
            if box is not None:
                part = given[t : t + 1][:, :, *box].to(self.runtime.device, self.runtime.dtype)
                made = self.network(part)
                changes[t : t + 1][:, :, *box] = (
                    torch.cat([made.colour, made.mask], 1).float().cpu()
                )
        whole = F.interpolate(changes, canvas, mode="bilinear")
        return Retouched(whole[:, :3], whole[:, 3:])


def _around(person: Tensor, step: int) -> tuple[slice, slice] | None:
    """The person's rows and columns with a margin; their sizes are multiples of `step`."""
    slices = []
    for axis in (1, 0):
        places = person.any(axis).nonzero()[:, 0]
        if not len(places):
            return None
        length = person.shape[1 - axis]
        low, high = int(places[0]) - MARGIN, int(places[-1]) + 1 + MARGIN
        wanted = min(length, -(-(high - low) // step) * step)
        start = min(max(low, 0), length - wanted)
        slices.append(slice(start, start + wanted))
    return slices[0], slices[1]


def _network(options: RetouchOptions, runtime: Runtime) -> Retouch:
    def make() -> Retouch:
        return Retouch(options.size)

    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, RETOUCH_SMALL), "retouch", options)
    return from_state_dict(make, tensors, "retouch", TRAINED_ADVICE)
