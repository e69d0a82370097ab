"""A perceptual distance with a user-supplied network: LPIPS without its learned weights.

The learned weights of LPIPS only fit the exact files they were trained with. With equal weights for
all channels, as in the "baseline" of Zhang et al. 2018, any training of SqueezeNet 1.1, AlexNet or
VGG-16 can be used. Such values are comparable only between methods measured with the same file, and
never with LPIPS.
"""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.metrics.lpips import NETS, Lpips
from reenactor.weights.tensors import load_tensors

Colours = Literal["imagenet", "caffe"]
"""The network's input: RGB normalised by ImageNet's mean and standard deviation, or BGR in 0..255
minus Caffe's mean."""
CAFFE_MEAN = (123.0, 117.0, 104.0)
"""The mean of red, green and blue."""
FIRST = "features.0.weight"


def load_perceptual(path: Path, colours: Colours = "imagenet") -> Lpips:
    """Load a network, identified by its tensors' shapes, with weight 1 for all channels.

    Raises:
        WeightsError: the file cannot be read safely, or is not one of the three networks.
    """
    tensors = load_tensors(path)
    for net in NETS:
        network = Lpips(net)
        own = network.features.state_dict(prefix="features.")
        if all(_fits(tensors.get(key), wanted) for key, wanted in own.items()):
            return _unlearned(network, {key: tensors[key] for key in own}, colours)
    raise WeightsError(
        "the file has no supported network for the perceptual distance",
        given=str(path),
        expected="the `features.*` of SqueezeNet 1.1, AlexNet or VGG-16, named as torchvision does",
    )


def _fits(tensor: Tensor | None, wanted: Tensor) -> bool:
    """Whether a tensor has the right shape and a floating point type."""
    return tensor is not None and tensor.shape == wanted.shape and tensor.is_floating_point()


@torch.no_grad()
def _unlearned(network: Lpips, backbone: dict[str, Tensor], colours: Colours) -> Lpips:
    """Load the network with weight 1 for all channels, and adapt its input convention."""
    for head in network.heads:
        head.fill_(1)
    if colours == "caffe":
        backbone[FIRST] = backbone[FIRST].flip(1)  # instead of converting each picture to BGR
        # 255 p - mean, of 2 p - 1
        network.get_buffer("shift").copy_(torch.tensor(CAFFE_MEAN)[:, None, None] * 2 / 255 - 1)
        network.get_buffer("scale").fill_(2 / 255)
    network.load_state_dict(backbone, strict=False)
    return network.requires_grad_(False).eval()
