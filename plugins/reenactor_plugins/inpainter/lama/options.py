"""Options of `lama`. Imports no torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from reenactor_plugins.networks.public_weights import Public, PublicOptions


class LamaOptions(PublicOptions):
    """Which file, and how much a hole's surroundings tell."""

    public: ClassVar[Mapping[str, str]] = {"weights": "lama"}

    weights: Public | Path = Field(
        "public",
        description="LaMa as an ONNX file; `public` is the one that `reenactor weights pull` "
        "downloads. Others need the inputs `image` (1 x 3 x 512 x 512, RGB in [0, 1]) and "
        "`mask` (1 x 1 x 512 x 512, 1 in the hole), output a picture in 0..255. "
        "A batch or a size that the file leaves open will do.",
    )
    context: float = Field(
        0.5,
        ge=0,
        le=4,
        description="Context that the network sees on every side of a hole, in multiples of "
        "the hole's longer side.",
    )
