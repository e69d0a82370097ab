"""The manifest of the face refiner `fr`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role
from reenactor_plugins.face_refiner.fr.weights import FAN, FR_SMALL

COMPONENTS = (
    ComponentInfo(
        role=Role.FACE_REFINER,
        name="fr",
        target="reenactor_plugins.face_refiner.fr.component:FRRefiner",
        options="reenactor_plugins.face_refiner.fr.options:FROptions",
        summary="the paper's face refinement network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.3",
        weights=(FR_SMALL, FAN),
        recipe=RecipeInfo(
            target="reenactor_plugins.face_refiner.fr.recipe:train",
            settings="reenactor_plugins.face_refiner.fr.settings:FRSettings",
            configs=tuple(
                (name, f"reenactor_plugins:face_refiner/fr/configs/{name}.yaml")
                for name in ("paper", "small", "small-finish", "tiny")
            ),
        ),
    ),
)
