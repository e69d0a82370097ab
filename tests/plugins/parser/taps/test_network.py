"""The network: sizes, and that the shipped weights are its."""

import hashlib
from pathlib import Path

import pytest
import torch

from reenactor.resource import find_resource
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.mediapipe.pose import FEATURE_CHANNELS as FOUND
from reenactor_plugins.parser.taps.network import (
    FEATURE_CHANNELS,
    NUM_CLASSES,
    PICTURE_CHANNELS,
    ParsingNetwork,
)
from reenactor_plugins.parser.taps.weights import PARSER_TAPS


def inputs(height: int, width: int, count: int = 1) -> tuple[torch.Tensor, list[torch.Tensor]]:
    random = torch.Generator().manual_seed(0)
    picture = torch.randn(count, PICTURE_CHANNELS, height, width, generator=random)
    pose_features = [
        torch.randn(count, channels, height >> level, width >> level, generator=random)
        for level, channels in enumerate(FEATURE_CHANNELS, 1)
    ]
    return picture, pose_features


@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 32)])
def test_logits_have_the_size_of_the_picture(height: int, width: int) -> None:
    fine, coarse = ParsingNetwork().eval().with_auxiliary(*inputs(height, width))
    assert fine.shape == (1, NUM_CLASSES, height, width)
    assert coarse.shape == (1, NUM_CLASSES, height // 8, width // 8)


def test_pictures_do_not_see_one_another() -> None:
    network = ParsingNetwork().eval()
    picture, pose_features = inputs(64, 32, 2)
    with torch.inference_mode():
        both = network(picture, pose_features)
        second = network(picture[1:], [features[1:] for features in pose_features])
    assert torch.allclose(both[1:], second, atol=1e-5)


def test_it_reads_the_features_that_the_pose_network_gives() -> None:
    assert FEATURE_CHANNELS == FOUND


def test_the_shipped_weights_are_the_declared_ones_and_fit() -> None:
    path = Path(str(find_resource(PARSER_TAPS.resource)))
    content = path.read_bytes()
    assert len(content) == PARSER_TAPS.size
    assert hashlib.sha256(content).hexdigest() == PARSER_TAPS.sha256
    ParsingNetwork().load_state_dict(load_tensors(path), strict=True)
