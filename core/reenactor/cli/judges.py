"""The options of networks that the user brings to judge pictures with."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.errors import UsageError

Identity = Annotated[
    Path | None, typer.Option(help="A face embedding network: ONNX, RGB, 112x112.")
]
IdentityScale = Annotated[
    str, typer.Option(help="What it takes: signed [-1, 1], unit [0, 1] or raw [0, 255].")
]
Features = Annotated[
    Path | None,
    typer.Option(
        help="For a perceptual distance: SqueezeNet 1.1, AlexNet or VGG-16, torchvision's names."
    ),
]
FeaturesInput = Annotated[
    str, typer.Option(help="What it takes: imagenet (RGB), or caffe (BGR in 0..255 less the mean).")
]


def check_inputs(identity_scale: str, features_input: str) -> None:
    """Refuse what the networks cannot take.

    Raises:
        UsageError: a word is none of those that count.
    """
    if identity_scale not in ("signed", "unit", "raw"):
        raise UsageError("no such scale", given=identity_scale, expected="signed, unit or raw")
    if features_input not in ("imagenet", "caffe"):
        raise UsageError("no such input", given=features_input, expected="imagenet or caffe")
