"""The networks of metrics, loaded on first use."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.evaluation.annotation import Embedder
from reenactor.metrics.fid import load_inception
from reenactor.metrics.fvd import Detector, load_i3d
from reenactor.metrics.inception import Inception
from reenactor.metrics.lpips import Lpips, Net, load_lpips
from reenactor.runtime import Runtime

Scale = Literal["signed", "unit", "raw"]
"""The input range of an embedding network: [-1, 1], [0, 1] or [0, 255]."""


@dataclass
class MetricNetworks:
    """Networks, loaded on first use (hence not frozen)."""

    runtime: Runtime
    perceptual: Lpips | None = None
    """The network of the user's file."""
    _lpips: dict[str, Lpips] = field(default_factory=dict)
    _inception: list[Inception] = field(default_factory=list)
    _i3d: list[Detector] = field(default_factory=list)

    def lpips(self, net: Net) -> Lpips:
        if net not in self._lpips:
            self._lpips[net] = load_lpips(net, self.runtime)
        return self._lpips[net]

    @property
    def inception(self) -> Inception:
        if not self._inception:
            self._inception.append(load_inception(self.runtime))
        return self._inception[0]

    @property
    def i3d(self) -> Detector:
        if not self._i3d:
            self._i3d.append(load_i3d(self.runtime))
        return self._i3d[0]


def onnx_embedder(path: Path, scale: Scale = "signed") -> Embedder:
    """A face embedding network from an ONNX file: RGB, channels first, 112 x 112 pixels.

    Raises:
        WeightsError: the file is not such a network.
    """
    import onnxruntime

    try:
        session: Any = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        shape = session.get_inputs()[0].shape
    except Exception as error:  # onnxruntime raises types that it does not export
        raise WeightsError(
            "the embedding network cannot be read",
            given=str(path),
            expected="an ONNX file",
            advice=str(error).splitlines()[0],
        ) from error
    if list(shape[1:]) != [3, 112, 112]:
        raise WeightsError(
            "wrong input of the embedding network",
            given=str(shape),
            expected="N x 3 x 112 x 112",
        )
    name = session.get_inputs()[0].name

    def embed(faces: Float[Tensor, "N 3 112 112"]) -> Float[Tensor, "N D"]:
        scaled = {"signed": faces * 2 - 1, "unit": faces, "raw": faces * 255}[scale]
        try:
            rows = [session.run(None, {name: face.numpy()})[0] for face in torch.split(scaled, 1)]
            found = torch.cat([torch.from_numpy(row).reshape(1, -1).float() for row in rows])
        except Exception as error:  # onnxruntime's own types, and errors from unexpected outputs
            raise WeightsError(
                "the embedding network failed",
                given=str(path),
                expected="a network that maps faces of 112 x 112 pixels to embeddings",
                advice=str(error).splitlines()[0] if str(error) else "",
            ) from error
        if not bool(torch.isfinite(found).all()):
            raise WeightsError("the embedding network returned NaN or infinity", given=str(path))
        return found

    return embed
