"""The manifest of the inpainter `lama`."""

from reenactor.manifest import ComponentInfo, Role
from reenactor_plugins.inpainter.lama.weights import BIG_LAMA

COMPONENTS = (
    ComponentInfo(
        role=Role.INPAINTER,
        name="lama",
        target="reenactor_plugins.inpainter.lama.component:LamaInpainter",
        options="reenactor_plugins.inpainter.lama.options:LamaOptions",
        summary="LaMa as an ONNX file: large holes, each picture by itself",
        licence="Apache-2.0",
        weights=(BIG_LAMA,),
        paper="Suvorov et al., Resolution-robust Large Mask Inpainting with Fourier Convolutions "
        "(2022)",
    ),
)
