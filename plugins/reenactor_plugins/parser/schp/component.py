"""The parser `schp`: SCHP's network with a public checkpoint."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import final

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.roles import Parser
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, Skeleton
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.checkpoint import for_inference, from_state_dict, random_network
from reenactor_plugins.parser.inference import predict_logits
from reenactor_plugins.parser.label_sets import mirrored_channels
from reenactor_plugins.parser.per_frame import parse_frames
from reenactor_plugins.parser.schp.network import ARCHITECTURES, Schp, public
from reenactor_plugins.parser.schp.options import SchpOptions
from reenactor_plugins.parser.schp.weights import CHECKPOINTS
from reenactor_plugins.parser.square_parser import SquareParser

CLASSIFIER = "decoder.conv4.weight"


@final
class SchpParser(Parser[SchpOptions]):
    """p^M* = HP(I), the paper's parser.

    Raises:
        WeightsError: `weights` is missing or does not fit.
    """

    def __init__(self, options: SchpOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        network = for_inference(_network(options, runtime), runtime)
        self.network = network.to(memory_format=torch.channels_last)
        self._square = SquareParser(self._logits, options.names, options.side, options.around)
        self._mirrored = mirrored_channels(options.names) if options.flip else None

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        return parse_frames(frames, skeleton, self._square.labels)

    def _logits(self, picture: UInt8[np.ndarray, "S S 3"]) -> Float32[np.ndarray, "C S S"]:
        return predict_logits(self.network, picture, self._mirrored, self.runtime)


def _network(options: SchpOptions, runtime: Runtime) -> Schp:
    make = partial(Schp, ARCHITECTURES[options.size], len(options.names))
    if options.weights == "random":
        return random_network(make, runtime.seed)
    file = options.weights if isinstance(options.weights, Path) else None
    if file is None and options.classes in CHECKPOINTS:
        file = runtime.weight(CHECKPOINTS[options.classes])
    if file is None:
        raise WeightsError(
            f"schp has no weights for the classes of {options.classes}",
            given="`weights: public`",
            expected="`weights: FILE`, a public checkpoint or your own",
            advice="see docs/weights.md for where to get one",
        )
    tensors = public(load_tensors(file))
    _check_classes(tensors, options, file)
    return from_state_dict(make, tensors, "schp")


def _check_classes(tensors: Mapping[str, Tensor], options: SchpOptions, file: Path) -> None:
    """Check the number of classes, since a checkpoint of another dataset is a common mistake.

    Raises:
        WeightsError: the number of classes differs.
    """
    wanted = len(options.names)
    if CLASSIFIER in tensors and tensors[CLASSIFIER].shape[:1] != (wanted,):
        raise WeightsError(
            "the weights given for schp were trained on other classes",
            given=f"{[*tensors[CLASSIFIER].shape, 0][0]} classes in {file}",
            expected=f"{wanted} classes, those of `label_map`"
            if options.label_map
            else f"{wanted} classes, those of `classes: {options.classes}`",
            advice="set `classes` (cihp and lip have 20, atr 18, pascal 7) or `label_map`",
        )
