"""The manifest of the inpainter `deepfill`."""

from reenactor.manifest import ComponentInfo, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.INPAINTER,
        name="deepfill",
        target="reenactor_plugins.inpainter.deepfill.component:DeepFillInpainter",
        options="reenactor_plugins.inpainter.deepfill.options:DeepFillOptions",
        summary="the paper's gated convolutions with contextual attention, weights brought by you",
        licence="Apache-2.0",
        paper="Yu et al., Free-Form Image Inpainting with Gated Convolution (2019)",
    ),
)
