"""The manifest of the pose estimator `mannequin`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="mannequin",
        target="reenactor_plugins.pose_estimator.mannequin.component:Mannequin",
        options="reenactor_plugins.pose_estimator.mannequin.options:MannequinOptions",
        summary="a dense pose without weights, drawn as a jointed doll over the key points",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.DENSE}),
    ),
)
