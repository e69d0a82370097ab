"""The options of both components. Imports no torch: specs are checked with these."""

from pydantic import Field

from reenactor.options import Options


class BlobOptions(Options):
    """Options of `toy-blob`."""

    threshold: int = Field(
        default=40,
        ge=1,
        le=254,
        description="How far a pixel's colour is from the wall's (0 to 255) to be a person's.",
    )
    min_area: float = Field(
        default=0.005, gt=0, lt=1, description="The smallest part of a frame that is a person."
    )


class BandsOptions(Options):
    """Options of `toy-bands`."""

    threshold: int = Field(
        default=40,
        ge=1,
        le=254,
        description="How far a pixel's colour is from the wall's (0 to 255) to be a person's.",
    )
