"""The invented bodies: anny's parametric model, taken as rest shapes, joints and weights."""

from dataclasses import dataclass
from pathlib import Path

import anny
import cv2
import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]
MASKS = ("lips", "ears", "fingernails", "inside-mouth")


@dataclass(frozen=True)
class Body:
    """A body at rest. Metres; x to the person's left, y to the back, z up; the pelvis at 0.

    `vertices` (V, 3), `faces` (F, 3), `uv` (F, 3, 2) with v upward, `weights` (V, J) rows summing
    to 1, `heads` (J, 3), `expressions` name to (V, 3) offsets.
    """

    labels: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Array
    vertices: Array
    faces: NDArray[np.int64]
    uv: Array
    weights: Array
    expressions: dict[str, Array]

    def index(self, bone: str) -> int:
        return self.labels.index(bone)

    def head(self, bone: str) -> Array:
        return self.heads[self.index(bone)]

    def weight_of(self, *prefixes: str) -> Array:
        """(V,) how much each vertex follows the bones whose names start so."""
        chosen = [j for j, name in enumerate(self.labels) if name.startswith(prefixes)]
        return np.asarray(self.weights[:, chosen].sum(axis=1))


class BodyShop:
    """Makes bodies; the model is loaded once. Its very first start builds a cache: a minute."""

    def __init__(self) -> None:
        self._model = anny.Anny(
            local_changes="default", facial_actions="all", phenotypes="all"
        ).float()

    def make(self, phenotype: dict[str, float], changes: dict[str, float]) -> Body:
        """`phenotype` in [0, 1] per label of the model, `changes` in [-1, 1]."""
        model = self._model
        shape = {"phenotype_kwargs": _tensors(phenotype), "local_changes_kwargs": _tensors(changes)}
        rest = _rest(model, shape, {})
        names = model.facial_action_labels
        moves = {
            "smile": {"mouthSmileLeft": 0.75, "mouthSmileRight": 0.75, "cheekSquintLeft": 0.4,
                      "cheekSquintRight": 0.4, "mouthDimpleLeft": 0.3, "mouthDimpleRight": 0.3},
            "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
            "brows": {"browInnerUp": 0.8, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8},
            "open": {"jawOpen": 0.5},
            "wide": {"eyeWideLeft": 0.6, "eyeWideRight": 0.6},
        }  # fmt: skip
        expressions = {}
        for name, move in moves.items():
            unknown = set(move) - set(names)
            if unknown:
                raise ValueError(f"the model knows no facial action {sorted(unknown)}")
            expressions[name] = _rest(model, shape, move)[0] - rest[0]
        root = rest[1][0]
        corners = model.face_texture_coordinate_indices.numpy()
        weights = np.zeros((len(rest[0]), model.bone_count))
        rows = np.arange(len(rest[0]))[:, None]
        np.add.at(
            weights, (rows, model.vertex_bone_indices.numpy()), model.vertex_bone_weights.numpy()
        )
        return Body(
            labels=tuple(model.bone_labels),
            parents=tuple(int(p) for p in model.bone_parents),
            heads=rest[1] - root,
            vertices=rest[0] - root,
            faces=model.faces.numpy().astype(np.int64),
            uv=model.texture_coordinates.numpy()[corners].astype(np.float64),
            weights=weights,
            expressions=expressions,
        )


def texture_masks() -> dict[str, Array]:
    """The model's CC0 masks in texture space, (2048, 2048) in [0, 1], row 0 at the top."""
    folder = Path(anny.__file__).parent / "data" / "mpfb2" / "textures"
    read = {name: cv2.imread(str(folder / f"mpfb_{name}.jpg"), 0) for name in MASKS}
    return {name: picture.astype(np.float64) / 255 for name, picture in read.items()}


def _tensors(values: dict[str, float]) -> dict[str, torch.Tensor]:
    return {name: torch.tensor([value]) for name, value in values.items()}


def _rest(model, shape, actions) -> tuple[Array, Array]:  # type: ignore[no-untyped-def]
    with torch.inference_mode():
        out = model(pose_parameters=None, facial_actions=_tensors(actions) or None, **shape)
    vertices, heads = out["rest_vertices"][0], out["rest_bone_heads"][0]
    return vertices.numpy().astype(np.float64), heads.numpy().astype(np.float64)
