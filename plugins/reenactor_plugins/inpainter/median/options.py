"""Options of the median inpainter."""

from typing import Literal

from pydantic import Field

from reenactor.options import Options


class MedianOptions(Options):
    """How a background is put together."""

    samples: int = Field(
        16,
        ge=2,
        le=64,
        description="Largest number of samples of a shot. More see more of the background and "
        "take longer.",
    )
    margin: float = Field(
        0.004,
        ge=0,
        le=0.1,
        description="Margin added to the samples' holes, as a share of the picture's height. "
        "It keeps the dancer's rim out of the background.",
    )
    moving: bool = Field(
        True,
        description="Follow a camera that moves. Otherwise every camera is taken for still: "
        "faster, for videos from a tripod.",
    )
    reach: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How far holes grow where a frame differs from the background, in heights of "
        "the hole: over flying hair, wide clothes, a ball. 0 keeps the holes as they are.",
    )
    shadow: Literal["keep", "remove"] = Field(
        "keep",
        description="Whether holes also grow over the person's shadow.",
    )
