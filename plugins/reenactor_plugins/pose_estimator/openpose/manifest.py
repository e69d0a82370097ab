"""The manifest of the pose estimator `openpose`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="openpose",
        target="reenactor_plugins.pose_estimator.openpose.component:OpenPose",
        options="reenactor_plugins.pose_estimator.openpose.options:OpenPoseOptions",
        summary="the paper's key points: OpenPose's networks, weights brought by you",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON}),
        paper="Cao et al., OpenPose: Realtime Multi-Person 2D Pose Estimation (2018)",
    ),
)
