"""Options of the puppet. Imports no torch."""

from pydantic import Field

from reenactor.options import Options


class PuppetOptions(Options):
    """How the target is cut out and moved."""

    edge: float = Field(
        1.2, ge=0.3, le=6, description="Softness of the parts' outlines, in canvas pixels."
    )
    complete: bool = Field(True, description="Copy limbs that the photo hides from the other side.")
    turn: bool = Field(
        True,
        description="Turn trunk and head as the driver turns; otherwise always show the "
        "photo's view.",
    )
