"""Options of the OpenCV inpainter."""

from typing import Literal

from pydantic import Field

from reenactor.options import Options


class OpenCvOptions(Options):
    """How holes are filled."""

    method: Literal["telea", "navier-stokes"] = Field(
        "telea",
        description="Telea's fast marching (2004), or the Navier-Stokes based method of Bertalmio "
        "and others (2001).",
    )
    radius: float = Field(
        4.0,
        ge=1,
        le=32,
        description="How far around a pixel to look, in pixels of the reduced size.",
    )
    side: int = Field(
        128,
        ge=16,
        le=4096,
        description="Holes are filled where their surroundings' longer side is this many pixels: "
        "smaller is quicker and smoother.",
    )
