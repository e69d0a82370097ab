"""The manifest of the pose estimator `openpose-files`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="openpose-files",
        target="reenactor_plugins.pose_estimator.openpose_files.component:OpenPoseFiles",
        options="reenactor_plugins.pose_estimator.openpose_files.options:OpenPoseFilesOptions",
        summary="key points from the JSON files that OpenPose wrote",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON}),
        paper="Cao et al., OpenPose: Realtime Multi-Person 2D Pose Estimation (2018)",
    ),
)
