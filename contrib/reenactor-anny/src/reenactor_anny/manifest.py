"""What the package offers. Imports no torch: this is read whenever datasets are listed."""

from reenactor.hookspecs import hookimpl
from reenactor.manifest import DatasetInfo

PAPER = "Brégier et al., Human Mesh Modeling for Anny Body (2025)"


@hookimpl
def reenactor_datasets() -> list[DatasetInfo]:
    return [
        DatasetInfo(
            name="anny",
            target="reenactor_anny.dataset.component:AnnyPeople",
            options="reenactor_anny.options:AnnyOptions",
            summary="rendered people, labelled exactly; each in many poses, each pose on many",
            licence="CC0-1.0 shapes (MakeHuman), Apache-2.0 code",
            paper=PAPER,
        ),
        DatasetInfo(
            name="turntable",
            target="reenactor_anny.dataset.turntable:Turntable",
            options="reenactor_anny.options:TurntableOptions",
            summary="rendered people to measure on: one photo each, and poses turned by any yaw",
            licence="CC0-1.0 shapes (MakeHuman), Apache-2.0 code",
            paper=PAPER,
        ),
    ]
