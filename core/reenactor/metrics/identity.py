"""AED and identity similarity, by a face embedding network.

No such network is shipped; name the one you used next to its values.
"""

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

SIDE = 112
"""Side of an aligned face in pixels."""
FACE_POINTS = torch.tensor(
    [[38.29, 51.70], [73.53, 51.50], [56.03, 71.74], [41.55, 92.37], [70.73, 92.20]]
)
"""The positions of the eyes, the nose tip and the corners of the mouth, from left to right: the
usual 112x112 template of ArcFace-like networks."""
_SEEN = 0.1


def aed(generated: Float[Tensor, "T D"], target: Float[Tensor, "#T D"]) -> Float64[Tensor, " T"]:
    """Average embedding distance: the sum of squared differences, without the root.

    This is what the pose-evaluation project computes under this name.
    """
    return (generated.double() - target.double()).square().sum(-1)


def cosine(generated: Float[Tensor, "T D"], target: Float[Tensor, "#T D"]) -> Float64[Tensor, " T"]:
    """Cosine similarity of embeddings, in [-1, 1]."""
    similar = torch.nn.functional.cosine_similarity(generated.double(), target.double(), dim=-1)
    return similar.clamp(-1, 1)


def false_faces(generated: Bool[Tensor, " T"], truth: Bool[Tensor, " T"]) -> Float64[Tensor, " T"]:
    """1 where a face is found though the true frame shows none, 0 where none is; else NaN.

    It tells faces on the backs of heads.
    """
    return torch.where(truth, torch.nan, generated.double())


def face_points(face: Float[Tensor, "70 3"]) -> Float[Tensor, "5 2"] | None:
    """The five points of a face in the order of `FACE_POINTS`; None if any is missing."""
    parts = [slice(36, 42), slice(42, 48), slice(30, 31), slice(48, 49), slice(54, 55)]
    if min(float(face[part, 2].min()) for part in parts) < _SEEN:
        return None
    return torch.stack([face[part, :2].mean(0) for part in parts])


def aligned(
    picture: Float[Tensor, "3 H W"], face: Float[Tensor, "70 3"]
) -> Float[Tensor, "3 112 112"] | None:
    """Align the face to the template by a similarity transform; None without a face."""
    points = face_points(face)
    if points is None:
        return None
    matrix = similarity_transform(points, FACE_POINTS).numpy()
    pixels = np.ascontiguousarray(picture.permute(1, 2, 0).numpy())
    out = cv2.warpAffine(pixels, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return torch.from_numpy(out).permute(2, 0, 1).contiguous()


def similarity_transform(
    source: Float[Tensor, "N 2"], goal: Float[Tensor, "N 2"]
) -> Float64[Tensor, "2 3"]:
    """The least-squares similarity transform between two sets of points."""
    a, b = source.double(), goal.double()
    x, y = a.unbind(-1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    rows = torch.cat([torch.stack([x, -y, one, zero], -1), torch.stack([y, x, zero, one], -1)])
    p, q, dx, dy = torch.linalg.lstsq(rows, torch.cat([b[:, 0], b[:, 1]])[:, None]).solution[:, 0]
    return torch.stack([torch.stack([p, -q, dx]), torch.stack([q, p, dy])])
