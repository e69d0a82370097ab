"""The frame renderer `retouch`: the puppet's picture, refined by a network frame by frame."""

import math
from typing import final

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
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
        rgba = tensor_of(drawn(prepared, stamps, pose.canvas, body))
        if body is None:
            own = [paint_labels(parts, pose.canvas) for parts in stamps]
            body = Parsing(torch.from_numpy(np.stack(own)))
        layer = layer_of(rgba)
        for t, labels in enumerate(body.labels):
            box = self._box((labels > 0) | (rgba[t, 3] > 0))
            if box is not None:
                here = (slice(t, t + 1), slice(None), *box)
                flat = tensor_of(flat_colours(prepared.clothes, labels[None][:, *box].numpy()))
                made = self._retouched(rgba[here], flat, labels[None][:, *box], pose.canvas)
                layer.image[here] = made.over(layer.image[here])
        return layer

    def _box(self, person: Bool[Tensor, "H W"]) -> tuple[slice, slice] | None:
        """The person's rows and columns with a margin, None without a person.

        Each frame has its own box, so that it does not depend on the others of its batch. At the
        network's scale, its edges are multiples of the network's step from the canvas's.
        """
        slices = []
        for axis, net in enumerate(self._size(person.shape)):
            places = person.any(1 - axis).nonzero()[:, 0]
            if not len(places):
                return None
            length = person.shape[axis]
            margin = MARGIN * length / net
            low, high = int(places[0]) - margin, int(places[-1]) + 1 + margin
            step, rest = divmod(self.network.multiple * length, net)
            if rest:  # no pixel of the canvas begins where one of the network's does
                low, high, step = 0, length, length
            start, stop = math.floor(low / step) * step, math.ceil(high / step) * step
            slices.append(slice(max(start, 0), min(stop, length)))
        return slices[0], slices[1]

    def _retouched(
        self,
        rgba: Float[Tensor, "1 4 h w"],
        flat: Float[Tensor, "1 3 h w"],
        labels: UInt8[Tensor, "1 h w"],
        canvas: tuple[int, int],
    ) -> Retouched:
        """Run the network on a box of the canvas; the output has the box's size."""
        box = (rgba.shape[2], rgba.shape[3])
        whole = self._size(canvas)
        size = [part * net // length for part, net, length in zip(box, whole, canvas, strict=True)]
        picture, colour = (
            F.interpolate(p, size, mode="bilinear", antialias=True) for p in (rgba, flat)
        )
        classes = F.interpolate(labels[:, None], size, mode="nearest-exact")[:, 0]
        given = given_of(picture, colour, classes)
        made = self.network(given.to(self.runtime.device, self.runtime.dtype))
        changes = torch.cat([made.colour, made.mask], 1).float().cpu()
        enlarged = F.interpolate(changes, box, mode="bilinear")
        return Retouched(enlarged[:, :3], enlarged[:, 3:])

    def _size(self, canvas: tuple[int, ...]) -> tuple[int, int]:
        """Height and width of the network's picture of the whole canvas."""
        step, scale = self.network.multiple, HEIGHT / canvas[0]
        height, width = (max(step, round(scale * side / step) * step) for side in canvas)
        return height, width


def _network(options: RetouchOptions, runtime: Runtime) -> Retouch:
    def make() -> Retouch:
        return Retouch(options.size)

    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, RETOUCH_SMALL), "retouch", options)
    return from_state_dict(make, tensors, "retouch", TRAINED_ADVICE)
