"""The trunk and what hangs from it: rings around the spine, as wide as in the photo."""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.labels import Label
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.avatar.raster import rasterise
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.surface import Mesh, grid_faces, opaque, sprite_of
from reenactor_plugins.puppet.joints import PuppetJoints
from reenactor_plugins.puppet.photo import sampled
from reenactor_plugins.puppet.spine import HIP_NODE, KNEE_NODE, spine
from reenactor_plugins.puppet.sprite import Sprite, Texture, complete_texture
from reenactor_plugins.puppet.trunk import Trunk

_RINGS = 64
_DEEPER = (0.85, 1.35)
"""Limits of a ring's depth, relative to the rig's."""
_SKIRT = 0.75
"""Depth of a skirt's hem relative to its width."""
_THIGH = 0.55
"""A thigh's depth relative to the width of the hips."""
_RIM = 0.08
"""Share of a ring over which the photo gives way to the completed back, in half turns."""
_EVEN = 0.75
"""How evenly the photo is spread around a turned ring."""
_PRINT = 0.5
"""Share of the width, in the middle, whose prints and openings a back does not have."""
_RIMS = 0.96
"""From where on colours at the outline are mixed with the background's."""


@dataclass(frozen=True)
class TrunkMesh:
    """The trunk's mesh; `along` is each vertex's distance down the spine, `even` its column if the
    photo were spread evenly around."""

    mesh: Mesh
    along: np.ndarray
    even: np.ndarray
    trunk: Trunk
    wide: np.ndarray


def fit_trunk(rig: AnnyRig, trunk: Trunk) -> TrunkMesh:
    """Give the rig's trunk the photo's outline and texture."""
    texture, low, high = _straightened(trunk)
    rows = np.linspace(0, len(trunk.half) - 1, min(_RINGS, len(trunk.half)))
    u = trunk.start + rows / trunk.fine
    half = np.interp(rows, np.arange(len(low)), trunk.half * (high - low) / 2)
    middle = trunk.middle + trunk.half * (high + low) / 2
    middle = np.interp(rows, np.arange(len(low)), middle)
    length = max(float(trunk.marks[HIP_NODE]), 1.0)
    rings = _outlines(rig, u / length, trunk.hangs) * length
    c, s = np.cos(trunk.turn), np.sin(trunk.turn)
    x = rings[..., 0] * c - rings[..., 1] * s
    z = rings[..., 0] * s + rings[..., 1] * c
    own = (x.max(1) - x.min(1)) / 2
    centre = (x.max(1) + x.min(1)) / 2
    ratio = half / np.maximum(own, 1e-6)
    most = np.interp(u / length, (-0.05, 0.3), (1.0, _DEEPER[1]))
    deep = gaussian(np.clip(ratio, _DEEPER[0], most)[:, None], 2.0)
    across = (x - centre[:, None]) / own[:, None]
    depth = (z.max(1) + z.min(1))[:, None] / 2
    away = (z - depth) / np.maximum((z.max(1) - z.min(1))[:, None] / 2, 1e-6)
    z = z * deep
    if not trunk.hangs:  # below the hips it gets as deep as a thigh, which goes on there
        fall = np.clip((u / length - 1) / max(float(u[-1] / length - 1), 0.1), 0, 1)[:, None]
        z = z + fall * (away * _THIGH * half[:, None] - z)
    angle = np.arctan2(across, -away) / (np.pi / 2)  # 0 ahead, 1 at the right rim, 2 behind
    even = np.where(np.abs(angle) < 1, angle, np.sign(angle) * (2 - np.abs(angle)))
    turned = np.clip((np.abs(angle) - 1) / _RIM + 0.5, 0, 1)
    px = across * half[:, None] + middle[:, None]
    points = np.stack([px, np.broadcast_to(u[:, None], px.shape), z], -1).reshape(-1, 3)
    width = texture.labels.shape[1]
    row = np.broadcast_to(rows[:, None], px.shape)
    place = np.stack([(np.clip(across, -1, 1) + 1) * (width - 1) / 2, row], -1).reshape(-1, 2)
    mesh = Mesh(
        points.astype(np.float32),
        grid_faces(len(rows), rings.shape[1]),
        place.astype(np.float32),
        turned.reshape(-1).astype(np.float32),
        texture,
        _back(texture),
    )
    wide = np.broadcast_to(half[:, None], px.shape).reshape(-1)
    column = (even.reshape(-1) + 1) * (width - 1) / 2
    return TrunkMesh(mesh, points[:, 1].copy(), column.astype(np.float32), trunk, wide)


def place_trunk_mesh(
    fitted: TrunkMesh,
    figure: PuppetJoints,
    turn: float,
    scale: float,
    share: float,
    size: tuple[int, int],
) -> Sprite | None:
    """Draw the trunk, turned by `turn` radians from facing the camera, with opacity `share`."""
    trunk, mesh = fitted.trunk, fitted.mesh
    axis = spine(figure, turn)
    delta = turn - trunk.turn
    c, s = np.cos(delta), np.sin(delta)
    x = (mesh.points[:, 0] * c - mesh.points[:, 2] * s) * scale
    z = (mesh.points[:, 0] * s + mesh.points[:, 2] * c) * scale
    if trunk.hangs:
        wider = np.maximum(axis.spread - trunk.spread * scale, -0.3 * trunk.spread * scale)
        wider[:KNEE_NODE] = 0
        opened = np.interp(fitted.along, trunk.marks, wider) / np.maximum(fitted.wide * scale, 1)
        x, z = x * (1 + opened), z * (1 + opened)
    below = np.maximum(fitted.along - trunk.marks[-1], 0) * scale
    end = axis.nodes[-1] - axis.nodes[-2]
    end = end / max(float(np.linalg.norm(end)), 1e-6)
    spot = [
        np.interp(fitted.along, trunk.marks, axis.nodes[:, k])
        + below * end[k]
        + x * np.interp(fitted.along, trunk.marks, axis.across[:, k])
        for k in (0, 1)
    ]
    even = _EVEN * float(np.clip((1 - c) / 0.3, 0, 1))
    column = mesh.place[:, 0] + even * (fitted.even - mesh.place[:, 0])
    values = np.stack([column, mesh.place[:, 1], mesh.turned], 1).astype(np.float32)
    raster = rasterise(np.stack([*spot, z], 1), values, mesh.faces, size)
    return None if raster is None else sprite_of(mesh, raster, share)


def _outlines(rig: AnnyRig, level: np.ndarray, hangs: bool) -> np.ndarray:
    """The rig's outlines at some levels (n, D, 2); a skirt's are ellipses."""
    place = np.interp(level, rig.levels, np.arange(len(rig.levels)))
    below = np.floor(place).astype(int).clip(0, len(rig.levels) - 2)
    share = (place - below)[:, None, None]
    rings = rig.trunk[below] * (1 - share) + rig.trunk[below + 1] * share
    if hangs:
        hips = rig.trunk[np.searchsorted(rig.levels, 1.0)]
        wide = hips[:, 0].max()
        round_ = np.stack([hips[:, 0], hips[:, 1]], -1)
        angle = 2 * np.pi * np.arange(rings.shape[1]) / rings.shape[1]
        round_ = np.stack([np.sin(angle) * wide, np.cos(angle) * wide * _SKIRT], -1)
        fall = np.clip((level - 0.95) / 0.35, 0, 1)[:, None, None]
        rings = rings * (1 - fall) + round_ * fall
    return np.asarray(rings, np.float64)


def _straightened(trunk: Trunk) -> tuple[Texture, np.ndarray, np.ndarray]:
    """The texture with each row from rim to rim, and where these were, in -1..1."""
    alpha = trunk.texture.colour[..., 3] > 127
    height, width = alpha.shape
    s = np.linspace(-1, 1, width)
    rows = np.arange(height)
    some = np.flatnonzero(alpha.sum(1) > 0.08 * width)
    if len(some) < 2:
        some, alpha = rows, np.ones_like(alpha)
    low = np.interp(rows, some, s[alpha.argmax(1)][some])
    high = np.interp(rows, some, s[width - 1 - alpha[:, ::-1].argmax(1)][some])
    low, high = (gaussian(side[:, None], 2.0 * trunk.fine)[:, 0] for side in (low, high))
    high = np.maximum(high, low + 0.1)
    inner = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * s * 0.97
    x = (inner + 1) * (width - 1) / 2
    y = np.broadcast_to(rows[:, None], x.shape)
    colour = cv2.remap(
        trunk.texture.colour, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR
    )
    labels = sampled(trunk.texture.labels, x, y, nearest=True)
    full = opaque(Texture(colour, labels))
    # The hem keeps its shape; a rim that a turn brings to the middle is closed.
    there = colour[..., 3].astype(np.float32) / 255
    closed = (np.median(there, axis=1) > 0.95)[:, None] | (rows < trunk.fine * 4)[:, None]
    last = np.flatnonzero(closed[:, 0])[-1] if closed.any() else height
    shape = np.where(closed | (rows < last)[:, None], 1, there)
    return (
        complete_texture(
            full.colour[..., :3].astype(np.float32), np.ones_like(shape), shape, full.labels
        ),
        low,
        high,
    )


def _back(texture: Texture) -> Texture:
    """The back: what the sides show, mirrored into the middle, without skin below the neck."""
    s = np.linspace(-1, 1, texture.labels.shape[1])
    left, right = (_inner(texture.labels[:, ::way]) for way in (-1, 1))
    limit = np.where(s < 0, left[:, None], right[:, None])
    fold = 2 * (_RIMS - limit)
    beyond = np.mod(np.maximum(limit - np.abs(s), 0), fold)
    inner = np.where(np.abs(s) < limit, limit + np.minimum(beyond, fold - beyond), np.abs(s))
    inner = inner * np.where(s < 0, -1, 1)
    side, other = _taken(texture, inner), _taken(texture, -inner)
    # Where both sides meet they have the same brightness.
    even = (0.5 - np.abs(s) / (2 * _PRINT)).clip(0)[None, :, None]
    step = _soft(other.colour) - _soft(side.colour)
    mixed = np.clip(side.colour + even * step, 0, 255)
    side = Texture(mixed.astype(np.uint8), side.labels)
    cloth = ~np.isin(side.labels, (Label.HAIR, Label.FACE, Label.HAT, Label.BACKGROUND))
    shape = side.colour[..., 3].astype(np.float32) / 255
    full = opaque(side, cloth & (shape > 0.9)) if cloth.any() else side
    mixed = np.where(cloth[..., None], side.colour[..., :3], full.colour[..., :3])
    mixed = _lit(mixed.astype(np.float32), cloth)
    labels = np.where(cloth, side.labels, full.labels)
    return complete_texture(mixed, np.ones_like(shape), shape, labels.astype(np.uint8))


def _lit(colour: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """Colours (h, w, 3) without shade: what is darker than its row, in the same hue, is raised.

    Beside arms lie their shadows, and the sides are all that a back is made of.
    """
    if not cloth.any():
        return colour
    height, width = cloth.shape
    soft = cv2.GaussianBlur(colour, (0, 0), 0.03 * width) + 4
    rows = np.where(cloth[..., None], soft, np.nan)
    some = np.asarray(cloth.any(1))
    usual = np.nanmedian(np.where(some[:, None, None], rows, soft), 1)
    usual = gaussian(usual.astype(np.float64), 0.02 * height)
    grey, bright = soft.mean(-1, keepdims=True), usual.mean(-1)[:, None, None]
    hue = np.abs(soft / grey - usual[:, None] / bright).max(-1, keepdims=True)
    alike = np.clip(2 - hue / 0.15, 0, 1)
    gain = 1 + alike * (np.clip(bright / grey, 1, 2.5) - 1)
    return np.where(cloth[..., None], np.clip(colour * gain, 0, 255), colour).astype(np.float32)


def _inner(labels: np.ndarray) -> np.ndarray:
    """How far in each row's right side reaches, in 0..1: an open coat's to where it opens."""
    height, width = labels.shape
    half = labels[:, width // 2 :]
    rim = min(round(0.85 * half.shape[1]), half.shape[1] - 1)
    open_ = (half != Label.COAT)[:, :rim]
    first = rim - open_[:, ::-1].argmax(1)
    coat = open_.any(1) & (half[:, rim] == Label.COAT)
    limit = np.where(coat, np.clip(first / half.shape[1], _PRINT, 0.8), _PRINT)
    return gaussian(limit[:, None], 0.02 * height)[:, 0]


def _taken(texture: Texture, s: np.ndarray) -> Texture:
    """A texture of another's columns at `s`, in -1..1."""
    height, width = texture.labels.shape
    x = ((s + 1) * (width - 1) / 2).astype(np.float32)
    y = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], x.shape)
    colour = cv2.remap(texture.colour, x, np.ascontiguousarray(y), cv2.INTER_LINEAR)
    return Texture(colour, sampled(texture.labels, x, y, nearest=True))


def _soft(colour: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(colour.astype(np.float32), (0, 0), 6))
