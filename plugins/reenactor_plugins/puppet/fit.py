"""Fits the puppet to a parsing that is not its own.

The puppet's picture is warped to match the parsing (`registration`). Where another class is
needed, a hidden part below is revealed, or colours of that class are extended from nearby. Then the
outline is adjusted. Where the parsing is nearly the puppet's own, nothing changes.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from reenactor.labels import NUM_LABELS, Label
from reenactor.ops.silhouette import disc
from reenactor.values import Target
from reenactor_plugins.puppet.photo import filled
from reenactor_plugins.puppet.registration import displacement
from reenactor_plugins.puppet.sprite import SOLID, Sprite, classes, over, place, seen

ANY = NUM_LABELS
"""Group of classes that are not visible on the target; any of its clothes may replace them."""
_SHOWN = 0.01
"""Minimum share of a person's pixels for a class, since parsers predict spurious classes."""
_NEAR = 1 / 256
"""Tolerance for outlines, as a share of the canvas's height."""
_FEW = 20
"""Minimum pixels of a class for extending its colours."""
_SPECK = np.ones((2, 2), np.uint8)
"""Smaller areas of a missing class are ignored."""
_TWINS: tuple[tuple[Label, ...], ...] = (
    (Label.LEFT_ARM, Label.RIGHT_ARM, Label.LEFT_HAND, Label.RIGHT_HAND),
    (Label.LEFT_LEG, Label.RIGHT_LEG),
    (Label.LEFT_SHOE, Label.RIGHT_SHOE),
)
"""Classes that look similar on one person."""


@dataclass(frozen=True)
class ClassPalette:
    """Interchangeable classes on one target: each class's group and each group's mean colour.

    The background 0 has its own group. Colours are from the photo, in 0..1.
    """

    groups: UInt8[np.ndarray, " 22"]
    colours: Float32[np.ndarray, "23 3"]


def class_palette(
    image: Float32[np.ndarray, "H W 3"], labels: UInt8[np.ndarray, "H W"]
) -> ClassPalette:
    """Compute the groups and colours from a target's picture (0..1) and parsing."""
    groups = np.arange(NUM_LABELS, dtype=np.uint8)
    for twins in _TWINS:
        groups[list(twins)] = twins[0]
    person = labels > 0
    counts = np.bincount(groups[labels[person]], minlength=NUM_LABELS)
    groups[(counts <= _SHOWN * person.sum())[groups] & (groups > 0)] = ANY
    where = groups[labels]
    colours = np.tile(image[person].mean(0) if person.any() else image.mean((0, 1)), (ANY + 1, 1))
    for group in np.unique(where[person & (where < ANY)]):
        colours[group] = image[person & (where == group)].mean(0)
    return ClassPalette(groups, colours.astype(np.float32))


def palette_of(target: Target) -> ClassPalette:
    """The groups and colours of a target."""
    image = target.image[0].permute(1, 2, 0).contiguous().numpy()
    return class_palette(image, target.parsing.labels[0].numpy())


def flat_colours(
    clothes: ClassPalette, labels: UInt8[np.ndarray, "*T H W"]
) -> Float32[np.ndarray, "*T H W 3"]:
    """Colour each pixel by its class's group; the background gets the person's mean colour."""
    return np.asarray(clothes.colours[clothes.groups].take(labels, axis=0))


@dataclass(frozen=True)
class _Painted:
    """Stamps one over the other, premultiplied in 0..1: all, and of each pixel only those of
    the group that is wanted there; and the group that is seen."""

    all: Float32[np.ndarray, "h w 4"]
    wanted: Float32[np.ndarray, "h w 4"]
    groups: UInt8[np.ndarray, "h w"]


def fitted(
    sprites: list[Sprite], labels: UInt8[np.ndarray, "H W"], clothes: ClassPalette
) -> Float32[np.ndarray, "H W 4"]:
    """Draw sprites, the first at the bottom, and fit them to a parsing.

    Returns:
        Premultiplied RGBA, 0..1.
    """
    near = max(2, round(_NEAR * labels.shape[0]))
    out = np.zeros((*labels.shape, 4), np.float32)
    box = _box(sprites, labels, 8 * near)
    if box is not None:
        rows, columns = box
        moved = [replace(s, x=s.x - columns.start, y=s.y - rows.start) for s in sprites]
        out[box] = _fitted(moved, clothes.groups[labels[box]], clothes, near)
    return out


def _fitted(
    sprites: list[Sprite], wanted: UInt8[np.ndarray, "h w"], clothes: ClassPalette, near: int
) -> Float32[np.ndarray, "h w 4"]:
    painted = _paint(sprites, wanted, clothes)
    if not any(part.any() for part in _differences(painted.groups, wanted, near)):
        return painted.all
    painted = _drawn(painted, wanted)
    missing, extra, wrong = _differences(painted.groups, wanted, near)
    colour = _colours(painted, missing | wrong, wanted, clothes, near)
    alpha = painted.all[..., 3] * (1 - _softened(extra, wanted == 0, near))
    alpha = np.maximum(alpha, _softened(missing, wanted > 0, near))[..., None]
    return np.concatenate([colour * alpha, alpha], -1)


def _box(sprites: list[Sprite], labels: np.ndarray, margin: int) -> tuple[slice, slice] | None:
    """The region of the canvas that is not empty."""
    busy = labels > 0
    for sprite in sprites:
        busy[place(sprite)] = True
    if not busy.any():
        return None
    ys, xs = (np.flatnonzero(busy.any(axis)) for axis in (1, 0))
    return (
        slice(max(int(ys[0]) - margin, 0), int(ys[-1]) + margin + 1),
        slice(max(int(xs[0]) - margin, 0), int(xs[-1]) + margin + 1),
    )


def _paint(sprites: list[Sprite], wanted: np.ndarray, clothes: ClassPalette) -> _Painted:
    out = _Painted(
        np.zeros((*wanted.shape, 4), np.float32),
        np.zeros((*wanted.shape, 4), np.float32),
        np.zeros(wanted.shape, np.uint8),
    )
    for sprite in sprites:
        box, rgba = place(sprite), seen(sprite)
        groups = clothes.groups[classes(sprite)]
        like = (groups == wanted[box]) | (wanted[box] == ANY)
        over(out.all[box], rgba)
        over(out.wanted[box], rgba * like[..., None])
        solid = rgba[..., 3] > SOLID
        out.groups[box][solid] = groups[solid]
    for layer in (out.all, out.wanted):
        layer *= np.float32(1 / 255)
    return out


def _differences(
    own: np.ndarray, wanted: np.ndarray, near: int
) -> tuple[Bool[np.ndarray, "h w"], Bool[np.ndarray, "h w"], Bool[np.ndarray, "h w"]]:
    """Masks of missing pixels, surplus pixels, and pixels of another class."""
    there, seen_there = wanted > 0, own > 0
    return (
        _beyond(there, seen_there, near),
        _beyond(seen_there, there, near),
        _unlike(own, wanted, near),
    )


def _drawn(painted: _Painted, wanted: np.ndarray) -> _Painted:
    """Warp visible pixels to where they are needed; hidden ones stay in place."""
    own = painted.groups
    way = displacement(own, np.where((wanted == ANY) & (own > 0), own, wanted))
    y, x = np.mgrid[: own.shape[0], : own.shape[1]].astype(np.float32)
    at = x + way[..., 0], y + way[..., 1]
    return _Painted(
        np.asarray(cv2.remap(painted.all, *at, cv2.INTER_LINEAR)),
        painted.wanted,
        np.asarray(cv2.remap(own, *at, cv2.INTER_NEAREST)),
    )


def _beyond(a: np.ndarray, b: np.ndarray, near: int) -> Bool[np.ndarray, "h w"]:
    """Where `a` extends beyond `b` by more than `near` pixels."""
    far = a & ~_grown(b, near)
    return np.asarray(_grown(far, near + 1) & a & ~b)


def _unlike(own: np.ndarray, wanted: np.ndarray, near: int) -> Bool[np.ndarray, "h w"]:
    """Where both are not empty but differ, at more than `near` pixels from the border."""
    other = (own != wanted) & (own > 0) & (wanted > 0) & (own != ANY) & (wanted != ANY)
    far = other.copy()
    for group in np.unique(own[other]):
        far[(own == group) & _grown(wanted == group, near)] = False
    far = cv2.morphologyEx(far.astype(np.uint8), cv2.MORPH_OPEN, _SPECK) > 0
    return np.asarray(_grown(far, near) & other)


def _grown(mask: np.ndarray, by: int) -> np.ndarray:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(by)) > 0)


def _softened(mask: np.ndarray, within: np.ndarray, near: int) -> np.ndarray:
    """A part of `within` with its outline smoothed."""
    if not mask.any():
        return np.zeros(mask.shape, np.float32)
    whole = cv2.GaussianBlur(within.astype(np.float32), (0, 0), 0.75 * near)
    edge = np.clip((whole - 0.5) / 0.6 + 0.5, 0, 1)
    here = cv2.GaussianBlur(_grown(mask, 2 * near).astype(np.float32), (0, 0), 0.5 * near)
    return np.asarray(edge * here)


def _colours(
    painted: _Painted, change: np.ndarray, wanted: np.ndarray, clothes: ClassPalette, near: int
) -> Float32[np.ndarray, "h w 3"]:
    """Colours everywhere and slightly beyond, replaced where another class is needed."""
    base, cover = _plain(painted.all)
    share = cv2.GaussianBlur(change.astype(np.float32), (0, 0), 0.35 * near)
    share[change & (cover < 0.5)] = 1  # nothing to blend from
    guess = _guessed(painted, base, change, wanted, clothes)
    colour = base + (guess - base) * share[..., None]
    solid = ((cover > 0.5) | change)[..., None]
    weighted = np.concatenate([colour * solid, solid], -1).astype(np.float32)
    around, _ = _plain(np.asarray(cv2.GaussianBlur(weighted, (0, 0), 0.75 * near)))
    return np.where(solid, colour, around)


def _guessed(
    painted: _Painted,
    base: Float32[np.ndarray, "h w 3"],
    change: np.ndarray,
    wanted: np.ndarray,
    clothes: ClassPalette,
) -> Float32[np.ndarray, "h w 3"]:
    """Colours of the picture; where they must change, of hidden parts or similar surroundings."""
    cover = painted.all[..., 3]
    below, hidden = _plain(painted.wanted)
    revealed = change & (hidden > 0.5)
    out = np.where(revealed[..., None], below, base)
    rest = change & ~revealed
    for group in np.unique(wanted[rest]):
        part = wanted == group
        gap = rest & part
        like = np.isin(painted.groups, (group, ANY)) & ~change & (cover > 0.9)
        known = part & (revealed | ~_grown(~like, 1))  # eroded: colours at its border are mixed
        if known.sum() < _FEW:
            out[gap & (cover < 0.5)] = clothes.colours[group]
            continue
        ys, xs = np.nonzero(part)
        box = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
        out[box][gap[box]] = filled(out[box], known[box].astype(np.float32))[gap[box]]
    return out


def _plain(rgba: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unpremultiplied colours, and alpha."""
    alpha = rgba[..., 3]
    return rgba[..., :3] / np.maximum(alpha, 1e-4)[..., None], alpha
