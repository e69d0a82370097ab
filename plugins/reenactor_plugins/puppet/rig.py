"""The puppet: cuts a target into parts and places them for a pose."""

from dataclasses import dataclass

import numpy as np
import torch

from reenactor.values import Motion, Pose, Skeleton, Target
from reenactor_plugins.puppet.cut import cut
from reenactor_plugins.puppet.foot import place_foot
from reenactor_plugins.puppet.gaps import without_gaps
from reenactor_plugins.puppet.head import Head, cut_head, place_head
from reenactor_plugins.puppet.joints import (
    ANKLE,
    ELBOW,
    HIP,
    KNEE,
    SHOULDER,
    SIDES,
    TIP,
    WRIST,
    PuppetJoints,
    complete_joints,
)
from reenactor_plugins.puppet.limbs import Limb, cut_limbs
from reenactor_plugins.puppet.motion_analysis import MotionAnalysis, analyse_motion, still
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.photo import target_photo
from reenactor_plugins.puppet.sprite import Sprite
from reenactor_plugins.puppet.strip import lay
from reenactor_plugins.puppet.trunk import Trunk, place_trunk
from reenactor_plugins.puppet.trunk_cut import cut_trunk

_SMALLEST = 2.0
"""Minimum pixels per metre: smaller people are not cut."""
_LARGEST = 3.0
"""Maximum canvas heights per metre: of larger people only a face is visible."""


@dataclass(frozen=True)
class Puppet:
    """The parts of a target, and the analysed motion of the clip.

    `driver` is the motion's body, from which a pose's scale on the canvas is computed; `unit` is
    pixels per metre on the target's canvas. If no person was found there is no trunk.
    """

    trunk: Trunk | None
    head: Head | None
    arms: dict[str, Limb]
    legs: dict[str, Limb]
    unit: float
    turns: tuple[float, float, float]
    clip: MotionAnalysis
    driver: Skeleton
    options: PuppetOptions


def puppet(target: Target, motion: Motion, options: PuppetOptions) -> Puppet:
    """Cut a target into parts and analyse the clip's motion."""
    clip = analyse_motion(motion)
    rest = still(target.skeleton)
    unit = min(float(rest.unit[0]), _LARGEST * max(target.window.canvas))
    body = complete_joints(target.skeleton, 0, unit)
    turns = float(rest.turn.trunk[0]), float(rest.turn.head[0]), float(rest.turn.pitch[0])
    if body is None or unit < _SMALLEST or not bool((target.parsing.labels > 0).any()):
        return Puppet(None, None, {}, {}, unit, turns, clip, motion.skeleton, options)
    face = target.skeleton.face[0].double().numpy()
    image = target.image[0].permute(1, 2, 0).mul(255).round().to(torch.uint8).numpy()
    labels = without_gaps(target.parsing.labels[0].numpy(), image, body)
    picture = target_photo(target, labels)
    parts = cut(picture.labels, body, face, picture.coarse)
    arms, legs = cut_limbs(picture, parts, body, rest.turn.feet[0], options.edge, options.complete)
    trunk = cut_trunk(picture, parts, body, turns[0], options.edge)
    head = cut_head(picture, parts, body, face, turns[1:], options.edge)
    return Puppet(trunk, head, arms, legs, unit, turns, clip, motion.skeleton, options)


Pieces = list[tuple[str, Sprite | None]]


@dataclass(frozen=True)
class Placed:
    """A puppet's limbs on the canvas, those behind and those before the trunk, and its joints.

    Pieces are named: `left upper`, `left lower`, `left foot` and so on. `turns` are the turns of
    trunk and head and the head's pitch, in radians; `scale` is canvas pixels per pixel of the
    photo's canvas.
    """

    frame: int
    body: PuppetJoints
    scale: float
    turns: tuple[float, float, float]
    arms: tuple[Pieces, Pieces]
    legs: tuple[Pieces, Pieces]


def placed(doll: Puppet, pose: Pose, t: int) -> Placed | None:
    """Place the puppet's limbs in frame `t` of the pose; None if no person is visible."""
    if doll.trunk is None and doll.head is None:
        return None
    frame = pose.index[t]
    zoom = _zoom(doll.driver, frame, pose.skeleton, t)
    unit = float(doll.clip.unit[frame]) * zoom
    if not _SMALLEST / 10 < unit < 10 * _LARGEST * max(pose.canvas):
        return None
    hands = doll.clip.hands[frame]
    body = complete_joints(pose.skeleton, t, unit, (float(hands[0]), float(hands[1])))
    if body is None or not np.isfinite(body.points).all():
        return None
    scale = float(np.clip(unit / doll.unit, 0.02, 20))
    turns = _turns(doll, frame)
    size = pose.canvas
    legs = _legs(doll, body, frame, scale, size)
    arms = _arms(doll, body, frame, scale, size)
    return Placed(frame, body, scale, turns, arms, legs)


def posed(doll: Puppet, pose: Pose, t: int) -> list[Sprite]:
    """The puppet in frame `t` of the pose, farthest part first; empty if no person is visible."""
    parts = placed(doll, pose, t)
    if parts is None:
        return []
    body, scale, turns = parts.body, parts.scale, parts.turns
    trunk = place_trunk(doll.trunk, body, turns[0], scale, pose.canvas) if doll.trunk else None
    mane = head = None
    if doll.head:
        mane, head = place_head(doll.head, body, turns[1:], scale, pose.canvas)
    arms, legs = (
        [[sprite for _, sprite in pieces] for pieces in both] for both in (parts.arms, parts.legs)
    )
    sprites = [*arms[0], mane, *legs[0], trunk, *legs[1], head, *arms[1]]
    return [sprite for sprite in sprites if sprite is not None]


def _turns(doll: Puppet, frame: int) -> tuple[float, float, float]:
    if not doll.options.turn:
        return doll.turns
    turn = doll.clip.turn
    return float(turn.trunk[frame]), float(turn.head[frame]), float(turn.pitch[frame])


def _zoom(driver: Skeleton, frame: int, skeleton: Skeleton, t: int) -> float:
    """Canvas pixels per driver pixel, from the joints visible in both."""
    source, canvas = driver.body[frame].double().numpy(), skeleton.body[t].double().numpy()
    both = (source[:, 2] > 0) & (canvas[:, 2] > 0)
    if both.sum() < 2:
        return 1.0
    a, b = source[both, :2], canvas[both, :2]
    a, b = a - a.mean(0), b - b.mean(0)
    spread = float((a**2).sum())
    return float(np.clip((a * b).sum() / spread, 1e-3, 1e3)) if spread > 1e-6 else 1.0


def _legs(
    doll: Puppet, body: PuppetJoints, frame: int, scale: float, size: tuple[int, int]
) -> tuple[Pieces, Pieces]:
    """Legs behind the trunk, and raised legs in front of it."""
    order = SIDES if doll.clip.left_leg_first[frame] else SIDES[::-1]
    behind: Pieces = []
    before: Pieces = []
    skirt = doll.trunk is not None and doll.trunk.hangs
    for side in order:
        leg = doll.legs[side]
        pieces: Pieces = []
        which = SIDES.index(side)
        if leg.upper is not None:
            upper = lay(leg.upper, body.points[[HIP[side], KNEE[side]]], scale, size, skirt)
            pieces.append((f"{side} upper", upper))
        if leg.lower is not None:
            lower = lay(leg.lower, body.points[[KNEE[side], ANKLE[side]]], scale, size)
            pieces.append((f"{side} lower", lower))
        if leg.foot is not None:
            turn = float(doll.clip.turn.feet[frame, which])
            foot = place_foot(leg.foot, body, side, turn, scale, size)
            pieces.append((f"{side} foot", foot))
        raised = doll.clip.raised[frame, which] and not skirt
        (before if raised else behind).extend(pieces)
    return behind, before


def _arms(
    doll: Puppet, body: PuppetJoints, frame: int, scale: float, size: tuple[int, int]
) -> tuple[Pieces, Pieces]:
    """Pieces of arms behind the trunk, and pieces in front of it."""
    behind: Pieces = []
    before: Pieces = []
    for which, side in enumerate(SIDES):
        arm = doll.arms[side]
        if arm.upper is not None:
            upper = lay(arm.upper, body.points[[SHOULDER[side], ELBOW[side]]], scale, size)
            (behind if doll.clip.behind[frame, which, 0] else before).append(
                (f"{side} upper", upper)
            )
        if arm.lower is not None:
            nodes = body.points[[ELBOW[side], WRIST[side], TIP[side]]]
            lower = lay(arm.lower, nodes, scale, size)
            (behind if doll.clip.behind[frame, which, 1] else before).append(
                (f"{side} lower", lower)
            )
    return behind, before
