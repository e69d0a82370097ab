"""The avatar: the puppet's limbs, and a head, a trunk and hands that turn."""

from dataclasses import dataclass, replace

import numpy as np

from reenactor.labels import Label
from reenactor.values import Motion, Pose, Target
from reenactor_plugins.avatar.hand import HandModel, at_ease, draw_hand, hand_model, lifted
from reenactor_plugins.avatar.head import HeadMesh, fit_head, place_head_mesh
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.trunk import TrunkMesh, fit_trunk, place_trunk_mesh
from reenactor_plugins.puppet.head import place_head
from reenactor_plugins.puppet.joints import ELBOW, SIDES, TIP, WRIST, complete_joints
from reenactor_plugins.puppet.rig import Pieces, Placed, Puppet, RigConfig, placed, puppet
from reenactor_plugins.puppet.sprite import Sprite
from reenactor_plugins.puppet.trunk import place_trunk

_HANDS = (Label.LEFT_HAND, Label.RIGHT_HAND, Label.GLOVES)
_ARMS = (Label.LEFT_ARM, Label.RIGHT_ARM)
_FEW = 40
_TRUNK = 18.0, 38.0
"""Turns away from the photo's view between which the mesh replaces the photo's own cut."""
_HEAD = 5.0, 16.0
"""The same for the head, whose features would be seen twice in a later mixture."""


@dataclass(frozen=True)
class Avatar:
    """A target's puppet, and the meshes of what turns."""

    puppet: Puppet
    trunk: TrunkMesh | None
    head: HeadMesh | None
    hand: HandModel
    skin: np.ndarray


def avatar(rig: AnnyRig, target: Target, motion: Motion, config: RigConfig) -> Avatar:
    """Cut a target into a puppet and fit the rig to it."""
    doll = puppet(target, motion, config)
    figure = complete_joints(target.skeleton, 0, doll.unit)
    if figure is None:
        return Avatar(doll, None, None, hand_model(rig), _skin(doll))
    face = target.skeleton.face[0].double().numpy()
    level = doll.turns[2]
    if config.turn and len(motion):
        level = float(np.median(doll.clip.turn.pitch))
    return Avatar(
        doll,
        fit_trunk(rig, doll.trunk) if doll.trunk else None,
        fit_head(rig, doll.head, figure, face, level) if doll.head else None,
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
    behind, before = (_arms(figure, parts, pieces, pose, t) for pieces in parts.arms)
    sprites = [*behind, *mane, *parts.legs[0], *trunk, *parts.legs[1], *head, *before]
    return [sprite for sprite in sprites if sprite is not None]


def _arms(
    figure: Avatar, parts: Placed, pieces: Pieces, pose: Pose, t: int
) -> list[Sprite | None]:
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
    cut = mesh = None
    if share < 1:
        cut = place_trunk(own, parts.body, turn, parts.scale, size)
    if share > 0:
        mesh = place_trunk_mesh(fitted, parts.body, turn, parts.scale, share, size)
    return _crossfade(cut, mesh, share)


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
    mane = cut = behind = skull = before = None
    if share < 1:
        mane, cut = place_head(own, parts.body, direction, parts.scale, size)
    if share > 0:
        behind, skull, before = place_head_mesh(
            fitted, parts.body, direction, parts.scale, share, size
        )
    return _crossfade(mane, behind, share), [*_crossfade(cut, skull, share), before]


def _crossfade(cut: Sprite | None, mesh: Sprite | None, share: float) -> list[Sprite | None]:
    """The photo's cut below the mesh, faded so that both together are a mixture of the two."""
    if cut is None or share == 0:
        return [cut or mesh]
    own = np.ones_like(cut.map_x) if cut.cover is None else cut.cover
    over = np.zeros_like(own)
    if mesh is not None and mesh.cover is not None:
        y0, x0 = max(cut.y, mesh.y), max(cut.x, mesh.x)
        y1 = max(min(cut.y + own.shape[0], mesh.y + mesh.map_x.shape[0]), y0)
        x1 = max(min(cut.x + own.shape[1], mesh.x + mesh.map_x.shape[1]), x0)
        over[y0 - cut.y : y1 - cut.y, x0 - cut.x : x1 - cut.x] = mesh.cover[
            y0 - mesh.y : y1 - mesh.y, x0 - mesh.x : x1 - mesh.x
        ]
    faded = own * (1 - share) / np.maximum(1 - over, 1e-3)
    return [replace(cut, cover=np.minimum(faded, own).astype(np.float32)), mesh]
