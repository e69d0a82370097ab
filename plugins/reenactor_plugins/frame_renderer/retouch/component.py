"""The frame renderer `retouch`: the puppet's picture, refined by a network frame by frame."""

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
CELL = 16
"""The network's input is a whole number of cells of this many pixels, as its downsamplings need."""
MARGIN = 8
"""Minimum margin around the person in the network's pixels."""


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
        layer = layer_of(rgba)
        cell = pose.canvas[0] * CELL // HEIGHT
        for t, labels in enumerate(body.labels):
            # Each frame has its own box, so that it does not depend on the others of its batch.
            box = _around((labels > 0) | (rgba[t, 3] > 0), cell)
            if box is not None:
                here = (slice(t, t + 1), slice(None), *box)
                made = self._retouched(prepared, rgba[here], labels[None][:, *box], cell)
                layer.image[here] = made.over(layer.image[here])
        return layer

    def _retouched(
        self,
        prepared: PreparedPuppet,
        rgba: Float[Tensor, "1 4 h w"],
        labels: UInt8[Tensor, "1 h w"],
        cell: int,
    ) -> Retouched:
        """Run the network on a box of the canvas; the output has the box's size."""
        width = labels.shape[2]
        beyond = (0, -width % cell)  # the canvas ends inside the last cell
        rgba, labels = F.pad(rgba, beyond), F.pad(labels, beyond)
        flat = tensor_of(flat_colours(prepared.clothes, labels.numpy()))
        size = [side // cell * CELL for side in labels.shape[1:]]
        device, dtype = self.runtime.device, self.runtime.dtype
        picture, colour = (
            F.interpolate(p, size, mode="bilinear", antialias=True).to(device, dtype)
            for p in (rgba, flat)
        )
        classes = F.interpolate(labels[:, None], size, mode="nearest-exact")[:, 0].to(device)
        made = self.network(given_of(picture, colour, classes))
        changes = torch.cat([made.colour, made.mask], 1).float().cpu()
        large = F.interpolate(changes, labels.shape[1:], mode="bilinear")[..., :width]
        return Retouched(large[:, :3], large[:, 3:])


def _around(person: Bool[Tensor, "H W"], cell: int) -> tuple[slice, slice] | None:
    """The person's rows and columns with a margin, in whole cells; None without a person."""
    slices = []
    for axis in (0, 1):
        places = person.any(1 - axis).nonzero()[:, 0]
        if not len(places):
            return None
        margin = cell * MARGIN // CELL
        start = (int(places[0]) - margin) // cell * cell
        stop = -(-(int(places[-1]) + 1 + margin) // cell) * cell
        slices.append(slice(max(start, 0), min(stop, person.shape[axis])))
    return slices[0], slices[1]


def _network(options: RetouchOptions, runtime: Runtime) -> Retouch:
    def make() -> Retouch:
        return Retouch(options.size)

    if options.weights == "random":
        return random_network(make, runtime.seed)
    tensors = load_trained(weights_file(options, runtime, RETOUCH_SMALL), "retouch", options)
    return from_state_dict(make, tensors, "retouch", TRAINED_ADVICE)
