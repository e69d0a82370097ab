"""The avatar: the puppet's limbs, and a head, a trunk and hands that turn."""

from dataclasses import dataclass, replace

import numpy as np

from reenactor.values import Motion, Pose, Target
from reenactor_plugins.avatar.head import HeadMesh, fit_head, place_head_mesh
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.trunk import TrunkMesh, fit_trunk, place_trunk_mesh
from reenactor_plugins.puppet.joints import complete_joints
from reenactor_plugins.puppet.rig import Placed, Puppet, RigConfig, placed, puppet
from reenactor_plugins.puppet.sprite import Sprite

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


def avatar(rig: AnnyRig, target: Target, motion: Motion, config: RigConfig) -> Avatar:
    """Cut a target into a puppet and fit the rig to it."""
    doll = puppet(target, motion, config)
    figure = complete_joints(target.skeleton, 0, doll.unit)
    if figure is None:
        return Avatar(doll, None, None)
    face = target.skeleton.face[0].double().numpy()
    return Avatar(
        doll,
        fit_trunk(rig, doll.trunk) if doll.trunk else None,
        fit_head(rig, doll.head, figure, face) if doll.head else None,
    )


def posed(figure: Avatar, pose: Pose, t: int) -> list[Sprite]:
    """The avatar in frame `t` of the pose, farthest part first; empty if no person is visible."""
    parts = placed(figure.puppet, pose, t)
    if parts is None:
        return []
    trunk = _trunk(figure, parts, pose.canvas)
    mane, head = _head(figure, parts, pose.canvas)
    sprites = [
        *parts.arms[0], *mane, *parts.legs[0], *trunk, *parts.legs[1], *head, *parts.arms[1],
    ]  # fmt: skip
    return [sprite for sprite in sprites if sprite is not None]


def share_of(turn: float, between: tuple[float, float]) -> float:
    """How much of the mesh is seen, `turn` radians away from the photo's view: 0 to 1, smooth."""
    away = abs((np.degrees(turn) + 180) % 360 - 180)
    part = float(np.clip((away - between[0]) / (between[1] - between[0]), 0, 1))
    return part * part * (3 - 2 * part)


def _trunk(figure: Avatar, parts: Placed, size: tuple[int, int]) -> list[Sprite | None]:
    fitted = figure.trunk
    share = 0.0 if fitted is None else share_of(parts.turns[0] - fitted.trunk.turn, _TRUNK)
    if fitted is None or share == 0:
        return [parts.trunk]
    mesh = place_trunk_mesh(fitted, parts.body, parts.turns[0], parts.scale, share, size)
    return _crossfade(parts.trunk, mesh, share)


def _head(
    figure: Avatar, parts: Placed, size: tuple[int, int]
) -> tuple[list[Sprite | None], list[Sprite | None]]:
    """What is drawn of head and hair behind and before the trunk."""
    fitted = figure.head
    if fitted is None:
        return [parts.mane], [parts.head]
    _, turn, pitch = parts.turns
    own = fitted.head
    away = np.hypot(np.sin((turn - own.turn) / 2), np.sin((pitch - own.pitch) / 2))
    share = share_of(2 * float(np.arcsin(min(away, 1))), _HEAD)
    if share == 0:
        return [parts.mane], [parts.head]
    behind, skull, before = place_head_mesh(
        fitted, parts.body, (turn, pitch), parts.scale, share, size
    )
    return _crossfade(parts.mane, behind, share), [*_crossfade(parts.head, skull, share), before]


def _crossfade(cut: Sprite | None, mesh: Sprite | None, share: float) -> list[Sprite | None]:
    """The cut below the mesh, so that their mixture has the opacity of neither alone."""
    if cut is None or mesh is None or share == 1:
        return [mesh if share == 1 else cut, mesh if cut is None else None]
    own = np.ones_like(cut.map_x) if cut.cover is None else cut.cover
    over = np.zeros_like(own)
    y0, x0 = max(cut.y, mesh.y), max(cut.x, mesh.x)
    y1 = min(cut.y + own.shape[0], mesh.y + mesh.map_x.shape[0])
    x1 = min(cut.x + own.shape[1], mesh.x + mesh.map_x.shape[1])
    if mesh.cover is not None and y1 > y0 and x1 > x0:
        over[y0 - cut.y : y1 - cut.y, x0 - cut.x : x1 - cut.x] = mesh.cover[
            y0 - mesh.y : y1 - mesh.y, x0 - mesh.x : x1 - mesh.x
        ]
    faded = own * (1 - share) / np.maximum(1 - over, 1e-3)
    return [replace(cut, cover=np.minimum(faded, own).astype(np.float32)), mesh]
