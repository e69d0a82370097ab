"""The options of both components. Does not import torch, because checking a spec reads it."""

from pydantic import Field

from reenactor.options import Options


class BlobOptions(Options):
    """Options of `toy-blob`."""

    threshold: int = Field(
        default=40,
        ge=1,
        le=254,
        description="Minimum difference of a person's pixel from the wall's colour (0 to 255).",
    )
    min_area: float = Field(
        default=0.005, gt=0, lt=1, description="Minimum share of a frame that counts as a person."
    )


class BandsOptions(Options):
    """Options of `toy-bands`."""

    threshold: int = Field(
        default=40,
        ge=1,
        le=254,
        description="Minimum difference of a person's pixel from the wall's colour (0 to 255).",
    )
