"""A perceptual distance by a network that the user brings: LPIPS's arithmetic, nothing learned.

LPIPS weighs the channels of three networks, and its weights fit those networks' very files and no
others. With every channel weighed alike, as in the "baseline" of Zhang et al. 2018, any training
of SqueezeNet 1.1, AlexNet or VGG-16 will do. Such figures compare methods that were measured with
one and the same file; they are never those of LPIPS.
"""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.metrics.lpips import NETS, Lpips
from reenactor.weights.tensors import load_tensors

Colours = Literal["imagenet", "caffe"]
"""What the network sees: RGB less ImageNet's mean in its deviations, or BGR in 0..255 less Caffe's
mean."""
CAFFE_MEAN = (123.0, 117.0, 104.0)
"""Of red, green and blue."""
FIRST = "features.0.weight"


def load_perceptual(path: Path, colours: Colours = "imagenet") -> Lpips:
    """The network of a file, told by its tensors' shapes, with every channel weighed 1.

    Raises:
        WeightsError: the file cannot be read safely, or is none of the three networks.
    """
    tensors = load_tensors(path)
    for net in NETS:
        network = Lpips(net)
        own = network.features.state_dict(prefix="features.")
        if all(_fits(tensors.get(key), wanted) for key, wanted in own.items()):
            return _unlearned(network, {key: tensors[key] for key in own}, colours)
    raise WeightsError(
        "no network of a perceptual distance is in the file",
        given=str(path),
        expected="the `features.*` of SqueezeNet 1.1, AlexNet or VGG-16, named as torchvision does",
    )


def _fits(tensor: Tensor | None, wanted: Tensor) -> bool:
    """A tensor of the right shape, of numbers with a fraction."""
    return tensor is not None and tensor.shape == wanted.shape and tensor.is_floating_point()


@torch.no_grad()
def _unlearned(network: Lpips, backbone: dict[str, Tensor], colours: Colours) -> Lpips:
    """Fill the network, weigh every channel 1, and show it the colours that it was trained on."""
    for head in network.heads:
        head.fill_(1)
    if colours == "caffe":
        backbone[FIRST] = backbone[FIRST].flip(1)  # in place of turning each picture to BGR
        # 255 p - mean, of 2 p - 1
        network.get_buffer("shift").copy_(torch.tensor(CAFFE_MEAN)[:, None, None] * 2 / 255 - 1)
        network.get_buffer("scale").fill_(2 / 255)
    network.load_state_dict(backbone, strict=False)
    return network.requires_grad_(False).eval()
