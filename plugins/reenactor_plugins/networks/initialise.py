"""Weight initialisation of networks before training. Frozen parameters are left alone.

Both functions use torch's global random number generator: seed it first.
"""

from torch import nn


def initialise_pix2pixhd(network: nn.Module, deviation: float = 0.02) -> None:
    """pix2pixHD's initialisation: weights N(0, 0.02), norm scales N(1, 0.02), biases 0."""
    for module in network.modules():
        mean = 1.0 if isinstance(module, nn.BatchNorm2d) else 0.0
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue
            if name == "bias":
                nn.init.zeros_(parameter)
            else:  # a weight, or the original of one with a spectral norm
                nn.init.normal_(parameter, mean, deviation)


def initialise_spade(network: nn.Module, gain: float = 0.02) -> None:
    """SPADE's initialisation: "xavier" with a gain of 0.02.

    Weights of convolutions and linear layers are N(0, gain^2 * 2 / (fan_in + fan_out)), norm
    scales N(1, gain), biases 0. With a spectral norm the unnormalised weight is initialised.
    """
    for module in network.modules():
        norm = isinstance(module, nn.BatchNorm2d)
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue
            if name == "bias":
                nn.init.zeros_(parameter)
            elif norm:
                nn.init.normal_(parameter, 1.0, gain)
            elif parameter.ndim > 1:
                nn.init.xavier_normal_(parameter, gain)
