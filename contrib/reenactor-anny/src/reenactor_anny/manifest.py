"""What the package offers. Imports no torch: this is read whenever datasets are listed."""

from reenactor.hookspecs import hookimpl
from reenactor.manifest import DatasetInfo


@hookimpl
def reenactor_datasets() -> list[DatasetInfo]:
    return [
        DatasetInfo(
            name="anny",
            target="reenactor_anny.dataset.component:AnnyPeople",
            options="reenactor_anny.options:AnnyOptions",
            summary="rendered people, labelled exactly; each in many poses, each pose on many",
            licence="CC0-1.0 shapes (MakeHuman), Apache-2.0 code",
            paper="Brégier et al., Human Mesh Modeling for Anny Body (2025)",
        )
    ]
