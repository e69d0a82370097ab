"""Options of the OpenCV inpainter."""

from typing import Literal

from pydantic import Field

from reenactor.options import Options


class OpenCvOptions(Options):
    """How holes are filled."""

    method: Literal["telea", "navier-stokes"] = Field(
        "telea",
        description="Telea's fast marching (2004), or the Navier-Stokes method of Bertalmio "
        "et al. (2001).",
    )
    radius: float = Field(
        4.0,
        ge=1,
        le=32,
        description="Radius of the neighbourhood, in pixels of the reduced picture.",
    )
    side: int = Field(
        128,
        ge=16,
        le=4096,
        description="Holes are filled in a picture whose longer side has this many pixels. "
        "Smaller is faster and smoother.",
    )
