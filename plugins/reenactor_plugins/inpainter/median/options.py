"""Options of the median inpainter."""

from pydantic import Field

from reenactor.options import Options


class MedianOptions(Options):
    """How a background is put together."""

    samples: int = Field(
        16,
        ge=2,
        le=64,
        description="How many samples of the video to use at most; more see more of the "
        "background and take longer.",
    )
    margin: float = Field(
        0.004,
        ge=0,
        le=0.1,
        description="How much wider than given the samples' holes are taken to be, as a share of "
        "the picture's height: keeps the dancer's rim out of the background.",
    )
    moving: bool = Field(
        True,
        description="Follow a camera that turns or shakes. Without it every frame of such a "
        "video is filled by itself.",
    )
