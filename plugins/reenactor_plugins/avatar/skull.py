"""The texture of a head all around: the photo where it shows it, skin and hair where not.

Columns are angles around the head, the left edge being straight behind; rows are elevations above
the ears and heights below them. The texture is repeated once, so that faces may cross the seam.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float

from reenactor.labels import Label
from reenactor.ops.filling import nearest_filled
from reenactor_plugins.avatar.hair import HAIRY, Hair
from reenactor_plugins.avatar.raster import rasterise
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.puppet.photo import filled
from reenactor_plugins.puppet.sprite import Texture, complete_texture

WIDTH, HEIGHT = 360, 200
_MIDDLE = np.array([0.0, 0.0, -0.02])
"""From where elevations are seen, in metres from between the ears."""
_RADIUS = 0.09
_LOW, _HIGH = -np.pi / 2, 1.95
_FEW = 30
_OVER_EARS = -0.035
"""How far outside the hairline of short hair long hair covers the sides of the head, in metres."""
_JAW = 0.045
"""How far below the ears hair is not on the head any more, but hangs beside it, in metres."""
_SIDE = 0.15
"""Where the sides begin, in turns from straight ahead."""


@dataclass(frozen=True)
class Unwrapped:
    """Where each vertex is in the texture, how far inside the head it is, and the faces.

    Vertices are given twice, the second time one turn farther.
    """

    place: Float[np.ndarray, "N 2"]
    depth: Float[np.ndarray, " N"]
    faces: np.ndarray


def unwrapped(rig: AnnyRig) -> Unwrapped:
    """Lay out the rig's head."""
    way = rig.head.astype(np.float64) - _MIDDLE
    angle = np.arctan2(way[:, 0], -way[:, 2])
    rise = np.arctan2(way[:, 1], np.hypot(way[:, 0], way[:, 2]))
    rise = np.where(rise < 0, rise, way[:, 1] / _RADIUS)
    column = (angle / (2 * np.pi) + 0.5) * WIDTH
    row = (rise - _LOW) / (_HIGH - _LOW) * (HEIGHT - 1)
    place = np.stack([column, row], 1)
    corners = column[rig.head_faces]
    across = np.ptp(corners, axis=1) > WIDTH / 2
    move = across[:, None] & (corners < WIDTH / 2)
    faces = np.where(move, rig.head_faces + len(place), rig.head_faces).astype(np.int32)
    depth = -1000 * np.linalg.norm(way, axis=1)
    twice = np.concatenate([place, place + np.array([WIDTH, 0])])
    return Unwrapped(twice, np.concatenate([depth, depth]), faces)


def bake(
    layout: Unwrapped,
    photo: Texture,
    hair: Hair | None,
    long: bool,
    turned: bool,
    spot: Float[np.ndarray, "N 2"],
    seen: Float[np.ndarray, " N"],
    normal: Float[np.ndarray, "N 3"],
    scalp: Float[np.ndarray, " N"],
) -> Texture:
    """Paint the texture.

    Args:
        layout: where the vertices are in it.
        photo: the head in the photo.
        hair: what its hair is like.
        long: hair beside the face goes on around the head.
        turned: the photo shows one side of the face much better than the other.
        spot: the column and row of each vertex there.
        seen: how well the photo shows it, 0 to 1.
        normal: which way it looks, in the rig's axes.
        scalp: metres inside the hairline.
    """
    column, row, sight = _spread(layout, np.column_stack([spot, seen]))
    shade = 0.72 + 0.28 * np.clip(
        -0.6 * normal[:, 1] - 0.6 * normal[:, 2] + 0.4 * np.abs(normal[:, 0]), 0, 1
    )
    light, inside, _ = _spread(layout, np.column_stack([shade, scalp, scalp]))
    rgba = cv2.remap(photo.colour, column, row, cv2.INTER_LINEAR).astype(np.float32)
    labels = cv2.remap(photo.labels, column, row, cv2.INTER_NEAREST)
    alpha = rgba[..., 3] / 255
    colour = rgba[..., :3] / np.maximum(alpha, 1e-3)[..., None]
    trust = sight * (alpha > 0.8) * (labels > 0)
    trust = cv2.GaussianBlur(cv2.erode(trust.astype(np.float32), np.ones((3, 3))), (0, 0), 1.2)
    if turned:  # what one side does not show is as on the other side
        flip = trust[:, ::-1]
        take = (trust < 0.3) & (flip > 0.5)
        colour = np.where(take[..., None], colour[:, ::-1], colour)
        labels = np.where(take, labels[:, ::-1], labels)
        trust = np.where(take, flip, trust)
    known = trust > 0.5
    hairy = np.isin(labels, HAIRY)
    skin = np.isin(labels, (Label.FACE, Label.TORSO_SKIN))
    made = _smooth(colour, known & skin, light) if (known & skin).sum() > _FEW else colour
    grown = known & hairy
    if hair is not None:
        down, aside = np.mgrid[:HEIGHT, :WIDTH]
        jaw = down > (_JAW / _RADIUS - _LOW) / (_HIGH - _LOW) * (HEIGHT - 1)
        ears = (inside > _OVER_EARS) & (np.abs(aside / WIDTH - 0.5) > _SIDE) & long
        grown = np.where(known & ~(jaw & long), hairy, ((inside > 0) | ears) & ~jaw)
        grown = cv2.medianBlur(grown.astype(np.uint8), 5) > 0
        made = np.where(grown[..., None], hair.painted(row, down, aside), made)
    # Hair is not continued on skin nor skin on hair.
    soft = np.where(hairy == grown, np.clip((trust - 0.2) / 0.6, 0, 1), 0)
    soft = cv2.GaussianBlur(soft.astype(np.float32), (0, 0), 2.0)
    mixed = made + soft[..., None] * (colour - made)
    classes = np.where(known, labels, np.where(grown, Label.HAIR, Label.FACE)).astype(np.uint8)
    one = np.ones(mixed.shape[:2], np.float32)
    full = complete_texture(mixed.astype(np.float32), one, one, classes)
    return Texture(
        np.concatenate([full.colour, full.colour], 1), np.concatenate([full.labels] * 2, 1)
    )


def _spread(layout: Unwrapped, values: np.ndarray) -> list[np.ndarray]:
    """Values of the vertices, (N, 3), over the texture; beyond the mesh, the nearest."""
    size = (HEIGHT, 2 * WIDTH)
    flat = np.column_stack([layout.place, layout.depth])
    twice = np.concatenate([values, values]).astype(np.float32)
    raster = rasterise(flat, twice, layout.faces, size)
    out = np.zeros((*size, 3), np.float32)
    known = np.zeros(size, bool)
    if raster is not None:
        height, width = raster.cover.shape
        part = slice(raster.y, raster.y + height), slice(raster.x, raster.x + width)
        out[part], known[part] = raster.values, raster.cover > 0
    # The second copy holds what crosses the seam.
    first = np.where(known[:, :WIDTH, None], out[:, :WIDTH], out[:, WIDTH:])
    both = known[:, :WIDTH] | known[:, WIDTH:]
    whole = nearest_filled(first, both)
    return [np.ascontiguousarray(whole[..., k]) for k in range(3)]


def _smooth(colour: np.ndarray, known: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Skin where it is not known: continued from its surroundings, shaded by the shape."""
    core = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    core = core if core.sum() > _FEW else known
    middle = np.median(colour[core], axis=0)
    # Shadows have the skin's tint; lips, teeth and brows have not.
    tint = colour / (colour.sum(-1, keepdims=True) + 30)
    strange = np.abs(tint - np.median(tint[core], axis=0)).max(-1)
    core = core & (strange < 2 * np.median(strange[core]) + 0.01)
    weight = core.astype(np.float32)
    full = filled(colour.astype(np.float32), weight)
    near = filled(np.repeat(light[..., None], 3, 2), weight)
    away = cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 3)[..., None]
    full = full + np.clip(away / 60, 0, 0.6) * (middle - full)
    return np.asarray(full * light[..., None] / np.maximum(near, 1e-3))
