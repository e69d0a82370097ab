"""Options of the mannequin."""

from pydantic import Field

from reenactor.options import Options


class MannequinOptions(Options):
    """How the doll is drawn."""

    thickness: float = Field(
        1.0,
        gt=0.2,
        lt=3,
        description="How thick limbs, trunk and head are, relative to a person of average build.",
    )
    confidence: float = Field(
        0.05,
        ge=0,
        le=1,
        description="From which confidence on a key point is believed; a limb needs both its ends.",
    )
