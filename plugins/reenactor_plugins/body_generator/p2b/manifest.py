"""The manifest of the body generator `p2b`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role
from reenactor_plugins.body_generator.p2b.weights import P2B_SMALL

COMPONENTS = (
    ComponentInfo(
        role=Role.BODY_GENERATOR,
        name="p2b",
        target="reenactor_plugins.body_generator.p2b.component:P2BGenerator",
        options="reenactor_plugins.body_generator.p2b.options:P2BOptions",
        summary="the paper's Pose2Body network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.DENSE, Facet.PARSING}),
        provides=frozenset({Facet.BODY}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.1",
        weights=(P2B_SMALL,),
        recipe=RecipeInfo(
            target="reenactor_plugins.body_generator.p2b.recipe:train",
            settings="reenactor_plugins.body_generator.p2b.settings:P2BSettings",
            configs=tuple(
                (name, f"reenactor_plugins:body_generator/p2b/configs/{name}.yaml")
                for name in ("paper", "small", "small-finish", "tiny")
            ),
        ),
    ),
)
