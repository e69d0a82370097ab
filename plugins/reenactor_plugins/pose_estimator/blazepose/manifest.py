"""The manifest of the pose estimator `blazepose`."""

from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor_plugins.networks.mediapipe.weights import FACE_WEIGHTS, HAND_WEIGHTS, POSE_WEIGHTS

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="blazepose",
        target="reenactor_plugins.pose_estimator.blazepose.component:BlazePose",
        options="reenactor_plugins.pose_estimator.blazepose.options:BlazePoseOptions",
        summary="bodies with depth and silhouettes, hands and faces, on the CPU at once",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON, Facet.WORLD, Facet.MASK}),
        weights=POSE_WEIGHTS + HAND_WEIGHTS + FACE_WEIGHTS,
        paper="Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking (2020)",
    ),
)
