"""The manifest of the inpainter `lama`."""

from reenactor.manifest import ComponentInfo, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.INPAINTER,
        name="lama",
        target="reenactor_plugins.inpainter.lama.component:LamaInpainter",
        options="reenactor_plugins.inpainter.lama.options:LamaOptions",
        summary="LaMa from an ONNX file that you bring: large holes, each picture by itself",
        licence="Apache-2.0",
        paper="Suvorov et al., Resolution-robust Large Mask Inpainting with Fourier Convolutions "
        "(2022)",
    ),
)
