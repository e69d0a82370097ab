"""Face embedding networks: which somebody is, as a vector."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.errors import UsageError, WeightsError
from reenactor.media.files import sha256_of
from reenactor.metrics import identity

Scale = Literal["signed", "unit", "raw"]
"""The input range of an embedding network: [-1, 1], [0, 1] or [0, 255]."""
DLIB = Path("dlib")
"""In place of a file: dlib's network."""
_CHIP, _PADDING = 150, 0.25
"""Side of dlib's aligned faces in pixels, and the margin around them, in faces."""


@dataclass(frozen=True)
class Embedder:
    """A network and how it wants faces.

    `align` takes a picture in [0, 1] and 70 points of a face, and gives the aligned face, or None
    where there is none; `embed` maps aligned faces to vectors.
    """

    align: Callable[[Float[Tensor, "3 H W"], Float[Tensor, "70 3"]], Float[Tensor, "3 S S"] | None]
    embed: Callable[[Float[Tensor, "N 3 S S"]], Float[Tensor, "N D"]]

    def __call__(
        self, picture: Float[Tensor, "3 H W"], face: Float[Tensor, "70 3"]
    ) -> Float[Tensor, "1 D"] | None:
        """The vector of the face in a picture; None without a face."""
        aligned = self.align(picture, face)
        return None if aligned is None else self.embed(aligned[None])


def embedder_of(path: Path, scale: Scale) -> tuple[Embedder, str]:
    """The network of a file, or dlib's, and its description for reports.

    Raises:
        WeightsError: the file is not such a network.
        UsageError: dlib is asked for and not installed.
    """
    if path == DLIB:
        weights = _dlib_weights()
        return dlib_embedder(weights), f"dlib, {weights.name} {sha256_of(weights)}"
    return onnx_embedder(path, scale), f"{path.name} {sha256_of(path)}"


def dlib_embedder(weights: Path) -> Embedder:
    """dlib's face recognition network, on faces aligned by 68 points as dlib does."""
    import dlib

    network = dlib.face_recognition_model_v1(str(weights))

    def align(
        picture: Float[Tensor, "3 H W"], face: Float[Tensor, "70 3"]
    ) -> Float[Tensor, "3 S S"] | None:
        if identity.face_points(face) is None:
            return None
        height, width = picture.shape[1:]
        points = dlib.points([dlib.point(*place) for place in face[:68, :2].round().int().tolist()])
        shape = dlib.full_object_detection(dlib.rectangle(0, 0, width - 1, height - 1), points)
        chip = dlib.get_face_chip(_bytes(picture), shape, _CHIP, _PADDING)
        return torch.from_numpy(np.ascontiguousarray(chip)).permute(2, 0, 1).float() / 255

    def embed(faces: Float[Tensor, "N 3 S S"]) -> Float[Tensor, "N D"]:
        rows = [np.array(network.compute_face_descriptor(_bytes(face))) for face in faces]
        return torch.from_numpy(np.stack(rows)).float()

    return Embedder(align, embed)


def _bytes(picture: Float[Tensor, "3 H W"]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    pixels = (picture * 255).round().to(torch.uint8).permute(1, 2, 0)
    return np.ascontiguousarray(pixels.numpy())


def _dlib_weights() -> Path:
    """The network's file, found without importing its package, which needs old setuptools."""
    found = importlib.util.find_spec("face_recognition_models")
    if found is None or importlib.util.find_spec("dlib") is None:
        raise UsageError(
            "dlib's face recognition is not installed",
            given="--identity dlib",
            advice="pip install reenactor[identity]",
        )
    folder = Path((found.submodule_search_locations or [""])[0])
    return folder / "models" / "dlib_face_recognition_resnet_model_v1.dat"


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

    return Embedder(identity.aligned, embed)
