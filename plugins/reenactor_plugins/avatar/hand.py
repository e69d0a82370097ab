"""Hands: the rig's, skinned to 21 key points, detected ones or those of a hand at ease."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from reenactor.labels import Label
from reenactor_plugins.avatar.raster import rasterise
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.surface import normals
from reenactor_plugins.puppet.sprite import Sprite, Texture

Points = Float[np.ndarray, "21 3"]

_WRIST, _INDEX, _MIDDLE, _LITTLE = 0, 5, 9, 17
_KNUCKLES = (5, 9, 13, 17)
_LONGEST = 1.15
"""How much longer than the rig's a detected bone may be."""
_LIGHT = np.array([-0.35, -0.55, -0.75])
_SHADE = 0.7
"""Brightness of skin that no light reaches."""
_CURL = np.radians((12.0, 18.0, 12.0))
"""By how much the joints of a finger at ease are bent further than the rig's."""


@dataclass(frozen=True)
class HandModel:
    """A left hand in its palm's axes: x to the index finger, y to the finger tips, z out of the
    palm; metres from the wrist."""

    points: np.ndarray
    faces: np.ndarray
    shares: np.ndarray
    joints: Points


def hand_model(rig: AnnyRig) -> HandModel:
    """The rig's hand, its fingers bent as at ease."""
    joints = rig.joints.astype(np.float64)
    axes = palm_axes(joints)
    local = joints @ axes.T
    model = HandModel(rig.hand @ axes.T, rig.hand_faces, rig.shares.astype(np.float64), local)
    eased = local.copy()
    for finger in range(1, 5):
        bent = 0.0
        for k, more in enumerate(_CURL):
            first = 1 + 4 * finger + k
            bent += more * (0.7 + 0.15 * finger)
            step = local[first + 1] - local[first]
            c, s = np.cos(bent), np.sin(bent)
            turned = np.array([step[0], c * step[1] - s * step[2], s * step[1] + c * step[2]])
            eased[first + 1] = eased[first] + turned
    # A left hand's palm axes are left-handed, so that in them it looks like a right hand.
    return replace(model, points=skinned(model, eased, 1.0, True), joints=eased)


def palm_axes(points: Points, mirrored: bool = False) -> Float[np.ndarray, "3 3"]:
    """Rows: to the index finger, to the knuckles, and out of the palm; unit vectors.

    Args:
        points: of a left hand, in axes like the camera's.
        mirrored: it is a right hand.
    """
    ahead = _unit(points[list(_KNUCKLES)].mean(0) - points[_WRIST])
    across = points[_INDEX] - points[_LITTLE]
    across = _unit(across - ahead * (across @ ahead))
    out = np.cross(ahead, across)
    return np.stack([across, ahead, -out if mirrored else out])


def skinned(
    model: HandModel, points: Points, scale: float, mirrored: bool = False
) -> Float[np.ndarray, "M 3"]:
    """Linear blend skinning of the model to 21 points; its thickness is `scale` pixels a metre.

    Every bone is stretched to its two points, the palm to the wrist and its knuckles.
    """
    rest, here = np.eye(3), palm_axes(points, mirrored)
    wide, long = np.divide(_palm_size(points), _palm_size(model.joints))
    palm = here.T @ np.diag([wide, long, scale]) @ rest
    before, own, own_size = _bones(model.joints, rest)
    after, axes, size = _bones(points, here)
    stretch = np.full((len(own), 3), scale)
    stretch[:, 1] = size / np.maximum(own_size, 1e-9)
    turns = np.concatenate([palm[None], np.einsum("bki,bk,bkj->bij", axes, stretch, own)])
    start = np.concatenate([model.joints[:1], before])
    shift = np.concatenate([points[:1], after]) - np.einsum("bij,bj->bi", turns, start)
    affine = np.concatenate([turns, shift[:, :, None]], 2).reshape(len(turns), 12)
    blend = (model.shares @ affine).reshape(-1, 3, 4)
    moved: np.ndarray = np.einsum("nij,nj->ni", blend[:, :, :3], model.points) + blend[:, :, 3]
    return moved


def _palm_size(points: Points) -> tuple[float, float]:
    """The palm's width between the outer knuckles, and its length."""
    across = points[_INDEX] - points[_LITTLE]
    ahead = points[list(_KNUCKLES)].mean(0) - points[_WRIST]
    return float(np.linalg.norm(across)), float(np.linalg.norm(ahead))


def _bones(points: Points, palm: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the 15 phalanges begin, their axes and lengths.

    Axes are rows: across, along the bone, and out of it on the palm's side.
    """
    first = np.array([1 + 4 * finger + k for finger in range(5) for k in range(3)])
    way = points[first + 1] - points[first]
    size = np.linalg.norm(way, axis=1)
    along = way / np.maximum(size, 1e-9)[:, None]
    across = palm[0] - along * (along @ palm[0])[:, None]
    other = palm[2] - along * (along @ palm[2])[:, None]
    across = np.where(np.linalg.norm(across, axis=1, keepdims=True) < 0.2, other, across)
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    out = np.cross(across, along) * np.sign(np.linalg.det(palm))
    return points[first], np.stack([across, along, out], 1), size


def _unit(vector: np.ndarray) -> np.ndarray:
    result: np.ndarray = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return result


def lifted(model: HandModel, flat: np.ndarray, scale: float, mirrored: bool) -> Points:
    """Depths for 21 detected points (x, y): bones that look short point away from the picture.

    Fingers bend to the palm's side, which the order of the knuckles shows.
    """
    rest = model.joints * scale
    out = np.zeros((21, 3))
    out[0, :2] = flat[0]
    for k in _KNUCKLES:
        out[k] = out[0] + _step(flat[k] - flat[0], float(np.linalg.norm(rest[k])), 0.0)
    wide = float(np.linalg.norm(rest[_INDEX] - rest[_LITTLE]))
    seen = float(np.linalg.norm(out[_INDEX, :2] - out[_LITTLE, :2]))
    deep = np.sqrt(max(wide**2 - seen**2, 0.0))
    for k, share in zip(_KNUCKLES, (0.5, 0.17, -0.17, -0.5), strict=True):
        out[k, 2] += deep * share
    side = float(np.sign(palm_axes(out, mirrored)[2, 2])) or 1.0
    for finger in range(5):
        first = 1 + 4 * finger
        if finger == 0:
            out[first] = out[0] + _step(
                flat[first] - flat[0], float(np.linalg.norm(rest[first])), side
            )
        for k in range(first, first + 3):
            length = float(np.linalg.norm(rest[k + 1] - rest[k]))
            out[k + 1] = out[k] + _step(flat[k + 1] - flat[k], length, side)
    return out


def _step(flat: np.ndarray, length: float, side: float) -> np.ndarray:
    """A step of that length, or a little more, of which the picture shows `flat`."""
    seen = float(np.linalg.norm(flat))
    most = _LONGEST * length
    if seen > most:
        flat, seen = flat * (most / seen), most
    return np.array([*flat, side * np.sqrt(max(length**2 - seen**2, 0.0))])


def at_ease(
    model: HandModel, wrist: np.ndarray, way: np.ndarray, turn: float, scale: float, left: bool
) -> Points:
    """A hand that hangs from a forearm: the palm to the thigh; down if the arm is raised sideways,
    ahead if it is raised.

    Args:
        model: the hand.
        wrist: canvas pixels.
        way: the forearm's direction in space.
        turn: the trunk's turn in radians.
        scale: pixels per metre.
        left: whether it is the person's left hand.
    """
    c, s = np.cos(turn), np.sin(turn)
    inward = np.array([-c, 0.0, -s]) * (1 if left else -1)
    ahead = np.array([s, 0.0, -c])
    along = _unit(way)
    down = np.array([0.0, 1.0, 0.0])
    palm = (
        max(float(along[1]), 0.0) * inward
        + abs(float(along @ inward)) * down
        + max(-float(along[1]), 0.0) * ahead
        + abs(float(along @ ahead)) * (down + inward)
    )
    palm = _unit(palm - along * (palm @ along))
    across = np.cross(palm, along) * (1 if left else -1)
    out = model.joints @ np.stack([across, along, palm]) * scale
    return np.asarray(out + np.array([*wrist, 0.0]))


def draw_hand(
    model: HandModel,
    points: Points,
    skin: np.ndarray,
    scale: float,
    left: bool,
    size: tuple[int, int],
) -> Sprite | None:
    """Draw a hand in `skin` (0..255), shaded by its shape."""
    skin_points = skinned(model, points, scale, not left)
    faces = model.faces if left else model.faces[:, ::-1].copy()
    outward = normals(skin_points, faces)
    if outward[:, 2] @ (skin_points[:, 2] - skin_points[:, 2].mean()) < 0:
        outward = -outward
    light = np.clip(outward @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
    shade = (_SHADE + (1.18 - _SHADE) * light)[:, None]
    # Less light makes skin redder.
    colour = skin / 255 * shade ** np.array([0.9, 1.1, 1.15])
    raster = rasterise(skin_points, colour.astype(np.float32), faces, size)
    if raster is None:
        return None
    solid = raster.cover > 0
    rgba = np.concatenate([raster.values.clip(0, 1) * 255, 255.0 * solid[..., None]], -1)
    label = Label.LEFT_HAND if left else Label.RIGHT_HAND
    texture = Texture((rgba + 0.5).astype(np.uint8), np.full(solid.shape, label, np.uint8))
    y, x = np.mgrid[: solid.shape[0], : solid.shape[1]].astype(np.float32)
    return Sprite(raster.x, raster.y, x, y, texture, raster.cover)
