"""Head and hair: an ellipsoid that turns, nods and tilts, with hair at its back."""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.puppet.column import (
    Column,
    ColumnPose,
    ColumnView,
    cut_column,
    edge_angle,
    evenness,
    seen_width,
    view,
)
from reenactor_plugins.puppet.cut import BodyParts, chin
from reenactor_plugins.puppet.joints import HEAD, PuppetJoints
from reenactor_plugins.puppet.photo import TargetPhoto, filled, sampled
from reenactor_plugins.puppet.sprite import Sprite, Texture, complete_texture

J = Joint
DEPTH = 1.1
"""Depth of a head relative to its width."""
_GIVEN = tuple(np.radians((0, 30, 95, 150, 180)))
_TAKEN = tuple(np.radians((0, 27, 55, 165, 180)))
_NOD = np.radians(25)


@dataclass(frozen=True)
class Head:
    """The head from the photo, and the texture of its back.

    `mane` is long hair behind the neck. `loose` is the share of each row that is hanging hair and
    does not turn with the head; `radius` is the distance from the middle of the head to the chin.
    """

    column: Column
    front: Texture
    back: Texture
    mane: Texture | None
    loose: np.ndarray
    radius: float
    turn: float
    pitch: float


def roll(figure: PuppetJoints, turn: float) -> float:
    """The head's tilt in radians, clockwise in the picture.

    Measured by the ears if the face looks at the camera, by the neck if it looks aside.
    """
    neck = figure[HEAD] - figure[J.NECK]
    lean = float(np.arctan2(neck[0], max(-neck[1], 1e-3 * figure.unit)))
    facing = float(np.cos(turn))
    # In profile, the head of an upright person is in front of the neck.
    lean = float(np.clip(lean - 0.35 * np.sin(turn), -1.2, 1.2))
    line = (figure[J.L_EAR] - figure[J.R_EAR]) * np.sign(facing)
    if not (figure.seen[J.L_EAR] and figure.seen[J.R_EAR]) or line[0] <= 0:
        return 0.6 * lean
    tilt = float(np.clip(np.arctan2(line[1], line[0]), -0.9, 0.9))
    weight = facing**2
    return weight * tilt + (1 - weight) * 0.6 * lean


def cut_head(
    photo: TargetPhoto,
    parts: BodyParts,
    figure: PuppetJoints,
    face: np.ndarray,
    direction: tuple[float, float],
    edge: float,
) -> Head | None:
    """Cut out head and hair; `direction` is the head's turn and pitch in the photo."""
    if parts.head.sum() < 30:
        return None
    turn, pitch = direction
    cutting = cut_column(photo, parts.head, figure[HEAD], roll(figure, turn), edge, -np.inf)
    x, y = cutting.x, cutting.y
    # Hair over the trunk has no silhouette of its own.
    over_body = sampled((parts.trunk | parts.head).astype(np.float32), x, y)
    shape = np.minimum(cutting.shape, np.maximum(photo.alpha_at(x, y), over_body))
    colour = photo.colours_at(x, y)
    labels = sampled(parts.labels, x, y, nearest=True)
    hair = np.isin(labels, (Label.HAIR, Label.HAT)) & (cutting.own > 0.5)
    radius = chin(figure, face)
    rise = cutting.column.rows / radius
    front = complete_texture(colour, cutting.own, shape, labels)
    back = _back(colour, labels, hair, shape, rise)
    loose = np.clip((rise - 0.9) / 0.5, 0, 1)
    mane = _mane(back, hair, rise)
    return Head(cutting.column, front, back, mane, loose, radius, turn, pitch)


def _back(
    colour: np.ndarray, labels: np.ndarray, hair: np.ndarray, shape: np.ndarray, rise: np.ndarray
) -> Texture:
    """The back of the head: hair, and the neck's skin below short hair."""
    if hair.mean() < 0.02:
        return complete_texture(colour, shape, shape, labels)
    face = (labels == Label.FACE) & (shape > 0.5)
    # Far from hair, its mean colour is better than the nearest one.
    away = cv2.distanceTransform((~hair).astype(np.uint8), cv2.DIST_L2, 3) / hair.shape[1]
    guess = np.clip(4 * away - 0.3, 0, 0.85)[..., None]
    full = filled(colour, hair.astype(np.float32))
    full = full + guess * (np.median(colour[hair], axis=0) - full)
    lower = rise[:, None] > 0.75
    short = (hair & lower).sum() < 0.25 * max(int(((shape > 0.5) & lower).sum()), 1)
    classes = np.where(face, Label.HAIR, labels)
    if short and face.any():
        skin = np.median(colour[face], axis=0)
        nape = np.clip((rise[:, None, None] - 0.65) / 0.15, 0, 1)
        full = full * (1 - nape) + skin * 0.85 * nape
        classes = np.where(nape[..., 0] > 0.5, Label.FACE, classes)
    return complete_texture(full, np.ones_like(shape), shape, classes.astype(np.uint8))


def _mane(back: Texture, hair: np.ndarray, rise: np.ndarray) -> Texture | None:
    """Long hair behind the neck: rows filled between the outermost strands, darkened."""
    low = rise > 0.8
    rows = np.flatnonzero(low & (hair.mean(1) > 0.15))
    if len(rows) < 0.2 * max(int(low.sum()), 1) or not len(rows):
        return None
    s = np.linspace(-1, 1, hair.shape[1])
    end = rise[rows[-1]]
    shape = np.clip((rise - 0.1) / 0.2, 0, 1) * np.clip((end - rise) / 0.15, 0, 1)
    alpha = shape[:, None] * np.clip((0.92 - np.abs(s)) / 0.08, 0, 1)
    solid = back.colour[..., 3:].astype(np.float32) / 255
    colour = 0.6 * filled(
        back.colour[..., :3] / np.maximum(solid, 1e-3), solid[..., 0] * (back.colour[..., 3] > 200)
    )
    return complete_texture(
        colour, np.ones_like(alpha), alpha, np.full(alpha.shape, Label.HAIR, np.uint8)
    )


def place_head(
    head: Head,
    figure: PuppetJoints,
    direction: tuple[float, float],
    scale: float,
    size: tuple[int, int],
) -> tuple[Sprite | None, Sprite | None]:
    """Place the head on the canvas, looking along `direction` (turn and pitch in radians).

    Returns:
        The parts behind and in front of the trunk.
    """
    turn, pitch = direction
    delta = _followed(turn - head.turn, head.turn)
    place = ColumnPose(figure[HEAD], roll(figure, turn), scale, size)
    column = head.column
    angle = delta * (1 - 0.6 * head.loose)
    half = column.half * seen_width(angle, DEPTH)
    here = view(
        column,
        place,
        -edge_angle(angle, DEPTH),
        half,
        column.middle * np.cos(angle),
        evenness(delta),
    )
    if here is None:
        return None, None
    map_x = (here.source + 1) * np.float32((head.front.labels.shape[1] - 1) / 2)
    map_y = here.row + _nod(head, here, pitch)
    turned = np.clip(-4 * here.ahead, 0, 1) if abs(delta) > 0.2 else None
    before = Sprite(here.x, here.y, map_x, map_y, head.front, here.cover, head.back, turned)
    if head.mane is None:
        return None, before
    # In profile, hair behind the neck is on the side opposite to the face.
    aside = np.float32(1.7 * np.sin(float(turn)))
    place_across = here.across * np.sign(aside)
    cover = here.cover * np.clip((1 - place_across - abs(aside)) * 4 + 1, 0, 1)
    return Sprite(here.x, here.y, map_x, here.row, head.mane, cover.astype(np.float32)), before


def _followed(delta: float, own: float) -> float:
    """The head's turn for a driver who looks `delta` away from the photo's view.

    A frontal photo has no profile: the face follows half-way and disappears quickly when the driver
    turns away. A face that looks aside in the photo is turned less.
    """
    delta = (delta + np.pi) % (2 * np.pi) - np.pi
    size = float(np.interp(abs(delta), _GIVEN, _TAKEN))
    away = (own + np.pi) % (2 * np.pi) - np.pi
    willing = float(np.clip(1.4 - abs(away) / np.radians(40), 0.2, 1))
    if abs(delta) < np.radians(110):
        size *= willing
    return float(np.copysign(size, delta))


def _nod(head: Head, here: ColumnView, pitch: float) -> np.ndarray:
    """Vertical shift of the texture for a nod, in rows: largest in the middle of the face."""
    angle = float(np.clip(pitch - head.pitch, -_NOD, _NOD))
    radius = np.float32(head.radius * head.column.fine)
    rise = here.row / radius + np.float32(head.column.start / head.radius)
    bulge = np.clip(1 - (rise / 1.15) ** 2, 0, 1) * here.depth
    return np.asarray(-np.float32(0.8 * np.sin(angle)) * radius * bulge, np.float32)
