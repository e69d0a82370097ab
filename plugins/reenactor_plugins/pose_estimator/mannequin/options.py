"""Options of the mannequin."""

from pydantic import Field

from reenactor.options import Options


class MannequinOptions(Options):
    """How the doll is drawn."""

    thickness: float = Field(
        1.0,
        gt=0.2,
        lt=3,
        description="Thickness of limbs, trunk and head, relative to a person of average build.",
    )
    confidence: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Key points with a lower confidence are ignored. A limb needs both its ends.",
    )
