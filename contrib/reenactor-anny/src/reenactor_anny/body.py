"""The parametric model of bodies: rest shapes, bones, weights and expressions."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, final

import anny
import cv2
import numpy as np
import torch

from reenactor.errors import PluginError
from reenactor_anny.mesh import Array, Faces

ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
EXPRESSIONS = {
    "smile": {"mouthSmileLeft": 0.75, "mouthSmileRight": 0.75, "cheekSquintLeft": 0.4,
              "cheekSquintRight": 0.4, "mouthDimpleLeft": 0.3, "mouthDimpleRight": 0.3},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "brows": {"browInnerUp": 0.8, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8},
    "open": {"jawOpen": 0.5},
    "wide": {"eyeWideLeft": 0.6, "eyeWideRight": 0.6},
}  # fmt: skip
"""By how much the model's facial actions make each expression."""


@dataclass(frozen=True)
class Body:
    """A body at rest. Metres; x to the person's left, y to the back, z up; the pelvis at 0.

    `vertices` (V, 3), `faces` (F, 3), `uv` (F, 3, 2) with v upward, `weights` (V, J) rows summing
    to 1, `heads` (J, 3) where each bone begins, `expressions` name to (V, 3) offsets.
    """

    labels: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Array
    vertices: Array
    faces: Faces
    uv: Array
    weights: Array
    expressions: dict[str, Array]

    def index(self, bone: str) -> int:
        return self.labels.index(bone)

    def head(self, bone: str) -> Array:
        return np.asarray(self.heads[self.index(bone)])

    def weight_of(self, *prefixes: str) -> Array:
        """(V,) how much each vertex follows the bones whose names start so, in [0, 1]."""
        chosen = [j for j, name in enumerate(self.labels) if name.startswith(prefixes)]
        return np.asarray(self.weights[:, chosen].sum(axis=1))

    def masked(self, name: str) -> Array:
        """(V,) the largest value of one of the model's texture masks at each vertex's corners."""
        out = np.zeros(len(self.vertices))
        np.maximum.at(out, self.faces, sample(texture_mask(name), self.uv))
        return out


@final
class BodyShop:
    """Makes bodies. The model is read once, in some seconds; its first start builds a cache."""

    def __init__(self) -> None:
        model = anny.Anny(
            local_changes="default",
            facial_actions="all",
            phenotypes="all",
            extrapolate_phenotypes=True,
        ).float()
        self._model = model
        self._faces: Faces = model.faces.numpy().astype(np.int64)
        corners = model.face_texture_coordinate_indices.numpy()
        self._uv = model.texture_coordinates.numpy()[corners].astype(np.float64)
        index, share = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
        self._weights = np.zeros((len(index), model.bone_count))
        np.add.at(self._weights, (np.arange(len(index))[:, None], index), share)

    def make(
        self,
        phenotype: dict[str, float],
        changes: dict[str, float] | None = None,
        *,
        expressions: bool = False,
    ) -> Body:
        """A body.

        Args:
            phenotype: by the model's names: gender, age, muscle, weight, height …; 0 to 1 and a
                little beyond.
            changes: the model's local changes, -1 to 1.
            expressions: whether the face can make EXPRESSIONS.
        """
        shape = {
            "phenotype_kwargs": _tensors(phenotype),
            "local_changes_kwargs": _tensors(changes or {}),
        }
        vertices, heads = self._rest(shape, {})
        root = heads[0]
        return Body(
            labels=tuple(self._model.bone_labels),
            parents=tuple(int(parent) for parent in self._model.bone_parents),
            heads=heads - root,
            vertices=vertices - root,
            faces=self._faces,
            uv=self._uv,
            weights=self._weights,
            expressions={
                name: self._rest(shape, actions)[0] - vertices
                for name, actions in (EXPRESSIONS if expressions else {}).items()
            },
        )

    def _rest(self, shape: dict[str, Any], actions: dict[str, float]) -> tuple[Array, Array]:
        with torch.inference_mode():
            out = self._model(
                pose_parameters=None, facial_actions=_tensors(actions) or None, **shape
            )
        vertices, heads = out["rest_vertices"][0], out["rest_bone_heads"][0]
        return vertices.numpy().astype(np.float64), heads.numpy().astype(np.float64)


@cache
def texture_mask(name: str) -> Array:
    """One of the model's CC0 masks in texture space, (2048, 2048) in [0, 1], row 0 at the top."""
    folder = Path(anny.__file__).parent / "data" / "mpfb2" / "textures"
    picture = cv2.imread(str(folder / f"mpfb_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise PluginError(
            f"the model's mask {name} cannot be read",
            given=str(folder),
            expected="the textures of anny 0.6",
            advice="pip install --force-reinstall anny",
        )
    return np.asarray(picture.astype(np.float64) / 255)


def sample(picture: Array, uv: Array) -> Array:
    """The values of a texture at places (..., 2), v upward."""
    size = len(picture) - 1
    x = (uv[..., 0] * size).clip(0, size).astype(int)
    y = ((1 - uv[..., 1]) * size).clip(0, size).astype(int)
    return np.asarray(picture[y, x])


def _tensors(values: dict[str, float]) -> dict[str, torch.Tensor]:
    return {name: torch.tensor([value]) for name, value in values.items()}
