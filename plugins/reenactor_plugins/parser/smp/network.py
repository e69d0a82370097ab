"""Networks of segmentation-models-pytorch, with encoders of timm."""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from jaxtyping import Float
from torch import Tensor, nn

from reenactor.errors import PluginError, SpecError
from reenactor.spelling import did_you_mean
from reenactor_plugins.networks.vgg import normalised
from reenactor_plugins.parser.smp.options import SmpOptions

OF_TIMM = "tu-"
"""Prefix of timm's model names."""


class SmpNetwork(nn.Module):
    """Maps RGB pictures in [0, 1] to logits at their resolution.

    Pictures are normalised with ImageNet's mean and standard deviation for every encoder. The
    state dict is that of the library's model, `network`.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B C H W"]:
        logits: Tensor = self.network(normalised(pictures))
        return logits


def maker(options: SmpOptions) -> Callable[[], nn.Module]:
    """A factory for the network of the options, without pretrained weights.

    Raises:
        PluginError: the package is not installed.
        SpecError: (when called) the encoder is unknown or does not fit the architecture.
    """
    library = imported("segmentation_models_pytorch")
    # Vision transformers need to be told the picture size.
    more: dict[str, Any] = {"dynamic_img_size": True} if options.architecture == "dpt" else {}

    def make() -> nn.Module:
        try:
            network: nn.Module = library.create_model(
                options.architecture,
                encoder_name=options.encoder,
                encoder_weights=None,
                in_channels=3,
                classes=len(options.names),
                **more,
            )
        except Exception as error:  # timm and its models raise various exceptions
            raise _unfit(options, library, error) from error
        return network

    return make


def imported(name: str) -> ModuleType:
    """Import a module of segmentation-models-pytorch.

    Raises:
        PluginError: the package, or timm below it, is not installed or does not work.
    """
    try:
        return importlib.import_module(name)
    except Exception as error:  # a torchvision built for another torch raises other exceptions
        raise PluginError(
            "the parser smp needs the package segmentation-models-pytorch",
            given=f"it is missing or broken ({type(error).__name__}: {error})",
            expected="segmentation-models-pytorch 0.5 or newer, with timm and torchvision",
            advice="pip install 'reenactor[smp]'",
        ) from error


def _unfit(options: SmpOptions, library: ModuleType, error: Exception) -> SpecError:
    """The error for an unknown or unsuitable encoder."""
    given = options.encoder
    timm = imported("timm")
    names = [f"{OF_TIMM}{name}" for name in timm.list_models()]
    known = [*library.encoders.encoders, *names]
    if given in known:
        return SpecError(
            f"the encoder {given} does not fit the architecture {options.architecture}",
            given=f"{type(error).__name__}: {error}",
            expected="an encoder with features at several scales"
            if options.architecture != "dpt"
            else "a vision transformer, such as tu-vit_small_patch16_224",
        )
    return SpecError(
        "unknown encoder for smp",
        given=given,
        expected="`tu-` and a name of timm.list_models(), or one of segmentation_models_pytorch's",
        advice=did_you_mean(given, known),
    )
