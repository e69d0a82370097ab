"""The parametric model of bodies, as this dataset uses it: rest shapes, bones and weights."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from jaxtyping import Float, Int

from reenactor.errors import PluginError
from reenactor_plugins.datasets.anny.mesh import Faces, Points, Values, Weights

AXES = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]], np.float32)
"""From the model's axes (left, back, up) to the camera's of a person who faces it."""

ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


@dataclass(frozen=True)
class Body:
    """A body at rest, in metres; x to the person's left, y down, z to the back.

    `points` (V, 3) and `heads` (J, 3), where each bone begins. Everything else is the same for
    all bodies: `weights` (V, J), `uv` (F, 3, 2) in the texture.
    """

    labels: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Float[np.ndarray, "J 3"]
    points: Points
    faces: Faces
    weights: Weights
    uv: Float[np.ndarray, "F 3 2"]

    def index(self, bone: str) -> int:
        return self.labels.index(bone)

    def head(self, bone: str) -> Float[np.ndarray, " 3"]:
        return np.asarray(self.heads[self.index(bone)])

    def follows(self, *prefixes: str) -> Values:
        """How much each vertex follows the bones whose names begin so, in [0, 1]."""
        chosen = [j for j, name in enumerate(self.labels) if name.startswith(prefixes)]
        return np.asarray(self.weights[:, chosen].sum(1))


@final
class BodyModel:
    """Makes bodies from phenotypes. The model is read once, which takes some seconds."""

    def __init__(self) -> None:
        model = load_model()
        self._model = model
        self._labels = tuple(model.bone_labels)
        self._parents = tuple(int(parent) for parent in model.bone_parents)
        self._faces: Int[np.ndarray, "F 3"] = model.faces.numpy().astype(np.int64)
        corners = model.face_texture_coordinate_indices.numpy()
        self._uv = model.texture_coordinates.numpy()[corners].astype(np.float32)
        index, share = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
        self._weights = np.zeros((len(index), len(self._labels)), np.float32)
        np.add.at(self._weights, (np.arange(len(index))[:, None], index), share)

    def body(self, phenotype: dict[str, float]) -> Body:
        """`phenotype` by the model's names: gender, age, muscle, weight, height …; 0 to 1 and a
        little beyond."""
        values = {name: torch.tensor([value]) for name, value in phenotype.items()}
        with torch.inference_mode():
            out = self._model(pose_parameters=None, phenotype_kwargs=values)
        points = out["rest_vertices"][0].numpy() @ AXES.T
        heads = out["rest_bone_heads"][0].numpy() @ AXES.T
        root = heads[0]
        return Body(
            self._labels,
            self._parents,
            (heads - root).astype(np.float32),
            (points - root).astype(np.float32),
            self._faces,
            self._weights,
            self._uv,
        )


def need_packages() -> None:
    """Look that the packages are there, without importing them.

    Raises:
        PluginError: they are not.
    """
    for name in ("anny", "warp"):
        if find_spec(name) is None:
            raise PluginError(
                "the dataset anny needs packages that are not installed",
                given=f"no package {name}",
                expected="anny and warp-lang",
                advice="pip install 'reenactor[synthetic]'",
            )


def load_model() -> Any:  # the package has no types
    """The model, without its package's output on the terminal."""
    import warp

    warp.config.log_level = warp.LOG_WARNING
    import anny

    return anny.Anny(phenotypes="all", extrapolate_phenotypes=True).float()


def texture_folder() -> Path:
    """Where the model's masks in texture space are."""
    import anny

    return Path(anny.__file__).parent / "data" / "mpfb2" / "textures"
