"""The manifest of the pose estimator `densepose`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="densepose",
        target="reenactor_plugins.pose_estimator.densepose.component:DensePoseEstimator",
        options="reenactor_plugins.pose_estimator.densepose.options:DensePoseOptions",
        summary="the paper's dense pose: DensePose's network, weights brought by you",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.DENSE}),
        paper="Güler et al., DensePose: Dense Human Pose Estimation In The Wild (2018)",
    ),
)
