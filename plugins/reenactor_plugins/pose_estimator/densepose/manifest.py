"""The manifest of the pose estimator `densepose`."""

from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor_plugins.pose_estimator.densepose.weights import R_50_FPN_S1X

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="densepose",
        target="reenactor_plugins.pose_estimator.densepose.component:DensePoseEstimator",
        options="reenactor_plugins.pose_estimator.densepose.options:DensePoseOptions",
        summary="the paper's dense pose: DensePose's network",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.DENSE}),
        weights=(R_50_FPN_S1X,),
        paper="Güler et al., DensePose: Dense Human Pose Estimation In The Wild (2018)",
    ),
)
