"""Options for networks of metrics that the user provides."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.errors import UsageError

Identity = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE|dlib", help="A face embedding network: ONNX, RGB, 112x112; or dlib's."
    ),
]
IdentityScale = Annotated[
    str, typer.Option(help="Its input: signed [-1, 1], unit [0, 1] or raw [0, 255].")
]
Features = Annotated[
    Path | None,
    typer.Option(
        help="A perceptual distance's SqueezeNet 1.1, AlexNet or VGG-16 (torchvision's names)."
    ),
]
FeaturesInput = Annotated[
    str, typer.Option(help="Its input: imagenet (RGB) or caffe (BGR in 0..255 minus the mean).")
]


def require_known_inputs(identity_scale: str, features_input: str) -> None:
    """Check the names of the networks' inputs.

    Raises:
        UsageError: an unknown name.
    """
    if identity_scale not in ("signed", "unit", "raw"):
        raise UsageError("unknown scale", given=identity_scale, expected="signed, unit or raw")
    if features_input not in ("imagenet", "caffe"):
        raise UsageError("unknown input", given=features_input, expected="imagenet or caffe")
