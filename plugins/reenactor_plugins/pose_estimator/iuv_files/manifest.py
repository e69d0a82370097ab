"""The manifest of the pose estimator `iuv-files`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="iuv-files",
        target="reenactor_plugins.pose_estimator.iuv_files.component:IuvFiles",
        options="reenactor_plugins.pose_estimator.iuv_files.options:IuvFilesOptions",
        summary="dense poses from the IUV pictures that DensePose wrote",
        licence="Apache-2.0",
        provides=frozenset({Facet.DENSE}),
        paper="Güler et al., DensePose: Dense Human Pose Estimation In The Wild (2018)",
    ),
)
