"""The manifest of the inpainter `opencv`."""

from reenactor.manifest import ComponentInfo, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.INPAINTER,
        name="opencv",
        target="reenactor_plugins.inpainter.opencv.component:OpenCvInpainter",
        options="reenactor_plugins.inpainter.opencv.options:OpenCvOptions",
        summary="a smooth filling for each picture",
        licence="Apache-2.0",
        paper="Telea, An Image Inpainting Technique Based on the Fast Marching Method (2004)",
    ),
)
