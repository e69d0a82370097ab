"""The avatar: the puppet's limbs, and a head, a trunk and hands that turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reenactor.labels import Label
from reenactor.values import Motion, Pose, Target
from reenactor_plugins.avatar.hand import HandModel, at_ease, draw_hand, hand_model, lifted
from reenactor_plugins.avatar.head import NOD, HeadMesh, fit_head, place_head_mesh
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.shoe import Shoe, fit_shoe, place_shoe
from reenactor_plugins.avatar.trunk import TrunkMesh, fit_trunk, place_trunk_mesh
from reenactor_plugins.puppet.head import place_head
from reenactor_plugins.puppet.joints import (
    ANKLE,
    ELBOW,
    HEEL,
    SIDES,
    TIP,
    TOE,
    WRIST,
    complete_joints,
)
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.rig import Pieces, Placed, Puppet, placed, puppet
from reenactor_plugins.puppet.sprite import Sprite
from reenactor_plugins.puppet.trunk import place_trunk

_HANDS = (Label.LEFT_HAND, Label.RIGHT_HAND, Label.GLOVES)
_ARMS = (Label.LEFT_ARM, Label.RIGHT_ARM)
_FEW = 40
_FOOT = 0.22
"""Distance from the heel to the toe in metres."""
_LEVEL = np.radians((1.0, 25.0))
"""Limits of a driver's usual pitch: a level head's nose is 13 degrees below its ears."""
_TRUNK = 6.0, 20.0
"""Turns away from the photo's view between which the mesh replaces the photo's own cut."""
_HEAD = 5.0, 16.0
"""The same for the head, whose features would be seen twice in a later mixture."""


@dataclass(frozen=True)
class Avatar:
    """A target's puppet, and the meshes of what turns."""

    puppet: Puppet
    trunk: TrunkMesh | None
    head: HeadMesh | None
    shoes: dict[str, Shoe]
    hand: HandModel
    skin: np.ndarray


def avatar(rig: AnnyRig, target: Target, motion: Motion, options: PuppetOptions) -> Avatar:
    """Cut a target into a puppet and fit the rig to it."""
    doll = puppet(target, motion, options)
    figure = complete_joints(target.skeleton, 0, doll.unit)
    if figure is None:
        return Avatar(doll, None, None, {}, hand_model(rig), _skin(doll))
    face = target.skeleton.face[0].double().numpy()
    level = doll.turns[2]
    if options.turn and len(motion):
        level = float(np.clip(np.median(doll.clip.turn.pitch), *_LEVEL))
    return Avatar(
        doll,
        fit_trunk(rig, doll.trunk) if doll.trunk else None,
        fit_head(rig, doll.head, figure, face, level) if doll.head else None,
        {side: fit_shoe(leg.foot, doll.unit) for side, leg in doll.legs.items() if leg.foot},
        hand_model(rig),
        _skin(doll),
    )


def _skin(doll: Puppet) -> np.ndarray:
    """The colour of the hands: their own, or that of the arms, or of the face."""
    textures = [arm.lower.texture for arm in doll.arms.values() if arm.lower]
    for classes in (_HANDS, _ARMS):
        found = [t.colour[np.isin(t.labels, classes) & (t.colour[..., 3] > 250)] for t in textures]
        colours = np.concatenate([*found, np.zeros((0, 4), np.uint8)])
        if len(colours) > _FEW:
            return np.asarray(np.median(colours[:, :3], axis=0), np.float64)
    if doll.head is not None:
        front = doll.head.front
        colours = front.colour[(front.labels == Label.FACE) & (front.colour[..., 3] > 250)]
        if len(colours) > _FEW:
            return np.asarray(np.median(colours[:, :3], axis=0), np.float64)
    return np.array([150.0, 115.0, 95.0])


def posed(figure: Avatar, pose: Pose, t: int) -> list[Sprite]:
    """The avatar in frame `t` of the pose, farthest part first; empty if no person is visible."""
    parts = placed(figure.puppet, pose, t)
    if parts is None:
        return []
    trunk = _trunk(figure, parts, pose.canvas)
    mane, head = _head(figure, parts, pose.canvas)
    arms = [_arms(figure, parts, pieces, pose, t) for pieces in parts.arms]
    legs = [_legs(figure, parts, pieces, pose.canvas) for pieces in parts.legs]
    sprites = [*arms[0], *mane, *legs[0], *trunk, *legs[1], *head, *arms[1]]
    return [sprite for sprite in sprites if sprite is not None]


def _arms(figure: Avatar, parts: Placed, pieces: Pieces, pose: Pose, t: int) -> list[Sprite | None]:
    """Pieces of arms; below a forearm, which ends at the wrist, lies its hand."""
    out: list[Sprite | None] = []
    for name, sprite in pieces:
        side, _, piece = name.partition(" ")
        strip = figure.puppet.arms[side].lower
        if piece == "lower" and sprite is not None and strip is not None:
            out.append(_hand(figure, parts, side, pose, t))
            beyond = sprite.map_y / strip.fine + strip.start - strip.marks[1]
            cover = np.clip(0.5 - beyond * parts.scale, 0, 1)
            if sprite.cover is not None:
                cover = cover * sprite.cover
            sprite = replace(sprite, cover=cover.astype(np.float32))
        out.append(sprite)
    return out


def _legs(
    figure: Avatar, parts: Placed, pieces: Pieces, size: tuple[int, int]
) -> list[Sprite | None]:
    """Pieces of legs, with shoes in place of the photo's feet."""
    out: list[Sprite | None] = []
    for name, sprite in pieces:
        side, _, piece = name.partition(" ")
        shoe = figure.shoes.get(side)
        if piece != "foot" or shoe is None:
            out.append(sprite)
            continue
        # The picture says how far it points up or down, the analysed motion where to.
        body = parts.body
        turn = float(figure.puppet.clip.turn.feet[parts.frame, SIDES.index(side)])
        rise = float((body[TOE[side]] - body[HEEL[side]])[1])
        slope = float(np.clip(rise / (_FOOT * body.unit), -0.9, 0.9))
        flat = np.sqrt(1 - slope**2)
        way = np.array([flat * np.sin(turn), slope, -flat * np.cos(turn)])
        out.append(place_shoe(shoe, body[ANKLE[side]], way, body.unit, size))
    return out


def _hand(figure: Avatar, parts: Placed, side: str, pose: Pose, t: int) -> Sprite | None:
    """The hand at the end of a forearm: as detected, or else at ease."""
    which = SIDES.index(side)
    left = side == "left"
    body, scale = parts.body, parts.body.unit
    wrist = body[WRIST[side]]
    way = np.array([*(body[TIP[side]] - wrist), 0.0])
    world = pose.skeleton.world
    if world is not None:
        fore = (world[t, WRIST[side]] - world[t, ELBOW[side]]).double().numpy()
        flat = max(float(np.hypot(fore[0], fore[1])), 1e-3)
        way[2] = np.clip(fore[2] / flat, -3, 3) * float(np.linalg.norm(way[:2]))
    points = at_ease(figure.hand, wrist, way, parts.turns[0], scale, left)
    seen = pose.skeleton.hands[t, which].double().numpy()
    share = float(np.clip(2 * figure.puppet.clip.hands[parts.frame, which] - 1, 0, 1))
    if share > 0 and (seen[:, 2] > 0).all():
        found = lifted(figure.hand, seen[:, :2] + wrist - seen[0, :2], scale, not left)
        points = points + share * (found - points)
    return draw_hand(figure.hand, points, figure.skin, scale, left, pose.canvas)


def share_of(turn: float, between: tuple[float, float]) -> float:
    """How much of the mesh is seen, `turn` radians away from the photo's view: 0 to 1, smooth."""
    away = abs((np.degrees(turn) + 180) % 360 - 180)
    part = float(np.clip((away - between[0]) / (between[1] - between[0]), 0, 1))
    return part * part * (3 - 2 * part)


def _trunk(figure: Avatar, parts: Placed, size: tuple[int, int]) -> list[Sprite | None]:
    fitted = figure.trunk
    if fitted is None:
        return []
    own, turn = fitted.trunk, parts.turns[0]
    share = share_of(turn - own.turn, _TRUNK)
    cut = None
    meshes: list[Sprite] = []
    if share < 1:
        cut = place_trunk(own, parts.body, turn, parts.scale, size)
    if share > 0:
        mesh = place_trunk_mesh(fitted, parts.body, turn, parts.scale, share, size)
        meshes = [] if mesh is None else [mesh]
    return _crossfade(cut, meshes, share)


def _head(
    figure: Avatar, parts: Placed, size: tuple[int, int]
) -> tuple[list[Sprite | None], list[Sprite | None]]:
    """What is drawn of head and hair behind and before the trunk."""
    fitted = figure.head
    if fitted is None:
        return [], []
    own, direction = fitted.head, parts.turns[1:]
    away = np.sin((direction[0] - own.turn) / 2), np.sin((direction[1] - fitted.level) / 2)
    share = share_of(2 * float(np.arcsin(min(np.hypot(*away), 1))), _HEAD)
    mane = cut = None
    behind: list[Sprite] = []
    before: list[Sprite] = []
    if share < 1:
        nod = own.pitch + NOD * (direction[1] - fitted.level)
        mane, cut = place_head(own, parts.body, (direction[0], nod), parts.scale, size)
    if share > 0:
        behind, before = place_head_mesh(fitted, parts.body, direction, parts.scale, share, size)
    return _crossfade(mane, behind, share), _crossfade(cut, before, share)


def _crossfade(cut: Sprite | None, meshes: Sequence[Sprite], share: float) -> list[Sprite | None]:
    """The photo's cut below the meshes, faded so that all together are a mixture of the two."""
    if cut is None or share == 0:
        return [cut, *meshes]
    own = np.ones_like(cut.map_x) if cut.cover is None else cut.cover
    clear = np.ones_like(own)
    for mesh in meshes:
        y0, x0 = max(cut.y, mesh.y), max(cut.x, mesh.x)
        y1 = max(min(cut.y + own.shape[0], mesh.y + mesh.map_x.shape[0]), y0)
        x1 = max(min(cut.x + own.shape[1], mesh.x + mesh.map_x.shape[1]), x0)
        if mesh.cover is not None:
            clear[y0 - cut.y : y1 - cut.y, x0 - cut.x : x1 - cut.x] *= (
                1 - mesh.cover[y0 - mesh.y : y1 - mesh.y, x0 - mesh.x : x1 - mesh.x]
            )
    faded = own * (1 - share) / np.maximum(clear, 1e-3)
    return [replace(cut, cover=np.minimum(faded, own).astype(np.float32)), *meshes]
