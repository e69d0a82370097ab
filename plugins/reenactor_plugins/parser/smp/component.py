"""The parser `smp`: a network of segmentation-models-pytorch."""

from typing import final

import numpy as np
from jaxtyping import Float32, UInt8
from torch import nn

from reenactor.errors import WeightsError
from reenactor.roles import Parser
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, Skeleton
from reenactor_plugins.networks.checkpoint import (
    TRAINED_ADVICE,
    for_inference,
    from_state_dict,
    load_trained,
    random_network,
)
from reenactor_plugins.parser.inference import predict_logits
from reenactor_plugins.parser.label_sets import mirrored_channels
from reenactor_plugins.parser.per_frame import parse_frames
from reenactor_plugins.parser.smp.network import SmpNetwork, maker
from reenactor_plugins.parser.smp.options import SmpOptions
from reenactor_plugins.parser.square_parser import SquareParser


@final
class SmpParser(Parser[SmpOptions]):
    """Any of the library's architectures on any of timm's encoders.

    Raises:
        PluginError: the package is not installed.
        SpecError: the encoder is unknown or does not fit the architecture.
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: SmpOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        network = SmpNetwork(_network(options, runtime))
        self.network = for_inference(network, runtime)
        self._square = SquareParser(self._logits, options.names, options.input, options.around)
        self._mirrored = mirrored_channels(options.names) if options.flip else None

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return parse_frames(frames, skeleton, self._square.labels)

    def _logits(self, picture: UInt8[np.ndarray, "S S 3"]) -> Float32[np.ndarray, "C S S"]:
        return predict_logits(self.network, picture, self._mirrored, self.runtime)


def _network(options: SmpOptions, runtime: Runtime) -> nn.Module:
    make = maker(options)
    if options.weights == "random":
        return random_network(make, runtime.seed)
    if options.weights is None:
        raise WeightsError(
            "smp has no weights",
            given="no option `weights`",
            expected="`weights: FILE.safetensors`, a network that you trained",
            advice="train it (`reenactor train smp`), or choose another parser "
            "(`reenactor plugins list`)",
        )
    return from_state_dict(
        make, load_trained(options.weights, "smp", options), "smp", TRAINED_ADVICE
    )
