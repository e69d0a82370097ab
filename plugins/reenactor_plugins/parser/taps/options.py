"""Options of the parser `taps`."""

from typing import Literal

from pydantic import Field

from reenactor.options import Options


class TapsOptions(Options):
    """What may be chosen about the parser `taps`."""

    views: Literal["one", "flip", "many"] = Field(
        "many",
        description="how the photo is looked at: once, also mirrored, or both also 1.2 times "
        "larger; the answers are averaged, each view takes about a tenth of a second",
    )
    bags: Literal["background", "garment"] = Field(
        "background",
        description="what a bag becomes, which the 22 classes do not know: background where it "
        "sticks out of the body, so that it stays behind (a strap across the chest becomes part "
        "of the garment), or always part of the garment that it touches, so that it moves along",
    )
    edges: bool = Field(
        True, description="let the borders of the classes follow the edges of the photo"
    )
