"""Options of the parser `taps`."""

from typing import Literal

from pydantic import Field

from reenactor.options import Options


class TapsOptions(Options):
    """What may be chosen about the parser `taps`."""

    views: Literal["one", "flip", "many"] = Field(
        "many",
        description="how the photo is looked at: once, also mirrored, or also at other sizes and "
        "angles; the answers are averaged, each view takes about a tenth of a second",
    )
    bags: Literal["background", "garment"] = Field(
        "background",
        description="what a bag becomes, which the 22 classes do not know: background, so that "
        "it stays behind, or part of the garment that it touches, so that it moves with the body",
    )
    edges: bool = Field(
        True, description="let the borders of the classes follow the edges of the photo"
    )
