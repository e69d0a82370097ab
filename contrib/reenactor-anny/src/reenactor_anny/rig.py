"""The rig that the package's `avatar` poses: a head, a hand and a trunk, baked from the model.

Axes are a camera's that the person faces: x right (their left), y down, z away; metres.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from reenactor.joints import Joint
from reenactor_anny.body import ARM_BONES, Body, BodyShop
from reenactor_anny.dataset.marks import Marks
from reenactor_anny.hair import SHORT, hairline
from reenactor_anny.mesh import Array, Faces, Mask, outline
from reenactor_anny.turning import CAMERA

AVERAGE = {
    "gender": 0.5, "age": 0.67, "muscle": 0.5, "weight": 0.45, "height": 0.5, "proportions": 0.6,
    "cupsize": 0.45, "firmness": 0.6, "african": 0.33, "asian": 0.33, "caucasian": 0.34,
}  # fmt: skip
LEVELS = np.linspace(-0.36, 1.4, 45)
"""Levels of the trunk: 0 between the shoulders, 1 between the hips."""
DIRECTIONS = 48


def bake(shop: BodyShop, path: Path) -> None:
    """Write the rig of an average body, in half precision."""
    body = shop.make(AVERAGE)
    marks = Marks.found(body)
    arrays = _trunk(body) | _head(body, marks) | _hand(body, marks)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _middle(body: Body, bone: str) -> Array:
    return np.asarray((body.head(f"{bone}.L") + body.head(f"{bone}.R")) / 2)


def _trunk(body: Body) -> dict[str, NDArray[np.generic]]:
    """Convex outlines of the trunk, in trunk lengths from the line between shoulders and hips."""
    angle = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    ways = np.stack([np.sin(angle), np.cos(angle)], 1)
    return {
        "trunk_levels": LEVELS.astype(np.float32),
        "trunk_outline": _outlines(body, ways).astype(np.float16),
    }


def _outlines(body: Body, ways: Array) -> Float[np.ndarray, "L D 2"]:
    neck, hips = _middle(body, "upperarm01"), _middle(body, "upperleg01")
    length = neck[2] - hips[2]
    points = (body.vertices - neck) @ CAMERA.T / length
    level = points[:, 1]
    lean = (hips - neck) @ CAMERA.T / length
    points = points - level[:, None] * lean
    keep = (body.weight_of(*ARM_BONES) < 0.5) & (body.weight_of("head", "eye") < 0.5)
    rings = np.zeros((len(LEVELS), len(ways), 2))
    for ring, at in zip(rings, LEVELS, strict=True):
        near = points[keep & (np.abs(level - at) < 0.03)][:, [0, 2]]
        centre = np.array([0.0, (near[:, 1].min() + near[:, 1].max()) / 2])
        ring[:] = centre + ways * outline(near - centre, ways)[:, None]
    return rings


def _head(body: Body, marks: Marks) -> dict[str, NDArray[np.generic]]:
    """The skin and eyes above the neck, in metres from between the ears."""
    keep = (body.weight_of("head", "eye") > 0.35) & ~_inside_mouth(body)
    index, faces = _part(body.faces, keep)
    ears = body.vertices[[marks.body[Joint.L_EAR], marks.body[Joint.R_EAR]]].mean(0)
    points = (body.vertices[index] - ears) @ CAMERA.T
    scalp = hairline(body, SHORT)[index]
    away = body.vertices[marks.face][:, None] - body.vertices[index]
    nearest = (away**2).sum(2).argmin(1)
    return {
        "head_points": points.astype(np.float16),
        "head_faces": faces.astype(np.uint16),
        "head_scalp": scalp.astype(np.float16),
        "head_marks": nearest.astype(np.uint16),
    }


def _inside_mouth(body: Body) -> Mask:
    """Teeth and tongue: what is not connected to the skin, but for the eyes."""
    reach = np.zeros(len(body.vertices), bool)
    reach[body.faces[0]] = True
    before = 0
    while before < reach.sum():
        before = int(reach.sum())
        reach[body.faces[reach[body.faces].any(1)]] = True
    return ~reach & (body.weight_of("eye") < 0.5)


def _hand(body: Body, marks: Marks) -> dict[str, NDArray[np.generic]]:
    """The left hand, its 21 key points, and how its skin follows the palm and the 15 phalanges."""
    shares = np.zeros((len(body.vertices), 16))
    shares[:, 0] = body.weight_of(*(f"{bone}.L" for bone in ("wrist", "lowerarm02")))
    for finger in range(4):
        shares[:, 0] += body.weight_of(f"metacarpal{finger + 1}.L")
    points = np.zeros((21, 3))
    points[0] = body.head("wrist.L")
    for finger in range(5):
        for k in range(3):
            name = f"finger{finger + 1}-{k + 1}.L"
            shares[:, 1 + 3 * finger + k] = body.weight_of(name)
            points[1 + 4 * finger + k] = body.head(name)
        points[4 + 4 * finger] = body.vertices[marks.tips[0, finger]]
    palm = body.weight_of("wrist.L") + shares[:, 1:].sum(1)
    for finger in range(4):
        palm += body.weight_of(f"metacarpal{finger + 1}.L")
    index, faces = _part(body.faces, palm > 0.15)
    shares = shares[index] / shares[index].sum(1, keepdims=True)
    return {
        "hand_points": ((body.vertices[index] - points[0]) @ CAMERA.T).astype(np.float16),
        "hand_faces": faces.astype(np.uint16),
        "hand_shares": shares.astype(np.float16),
        "hand_joints": ((points - points[0]) @ CAMERA.T).astype(np.float32),
    }


def _part(faces: Faces, keep: Mask) -> tuple[NDArray[np.int64], Faces]:
    """The numbers of the vertices of the faces that are kept whole, and the faces by these."""
    whole = faces[keep[faces].all(1)]
    index = np.unique(whole)
    place = np.full(int(faces.max()) + 1, -1)
    place[index] = np.arange(len(index))
    return index, place[whole]
