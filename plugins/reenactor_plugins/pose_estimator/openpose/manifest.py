"""The manifest of the pose estimator `openpose`."""

from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor_plugins.pose_estimator.openpose.weights import BODY, FACE, HANDS

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="openpose",
        target="reenactor_plugins.pose_estimator.openpose.component:OpenPose",
        options="reenactor_plugins.pose_estimator.openpose.options:OpenPoseOptions",
        summary="the paper's key points: OpenPose's networks",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON}),
        weights=(BODY, HANDS, FACE),
        paper="Cao et al., OpenPose: Realtime Multi-Person 2D Pose Estimation (2018)",
    ),
)
