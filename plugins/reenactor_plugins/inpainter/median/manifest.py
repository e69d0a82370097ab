"""The manifest of the inpainter `median`."""

from reenactor.manifest import ComponentInfo, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.INPAINTER,
        name="median",
        target="reenactor_plugins.inpainter.median.component:MedianInpainter",
        options="reenactor_plugins.inpainter.median.options:MedianOptions",
        summary="what a video shows there at other times, or pieces of the rest of a photo",
        licence="Apache-2.0",
    ),
)
