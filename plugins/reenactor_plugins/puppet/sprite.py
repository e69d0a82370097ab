"""Textures, which parts are cut into, and sprites, textures placed on the canvas."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor.ops.filling import nearest_filled
from reenactor_plugins.puppet.photo import filled

SOLID = 127
"""The alpha above which a sprite hides what is below it."""


@dataclass(frozen=True)
class Texture:
    """A part's texture in coordinates of its own: premultiplied RGBA, and classes."""

    colour: UInt8[np.ndarray, "h w 4"]
    labels: UInt8[np.ndarray, "h w"]


@dataclass(frozen=True)
class Sprite:
    """A texture on the canvas: a map from the pixels of a rectangle to the texture.

    `x` and `y` are the rectangle's corner. `cover` multiplies the texture's alpha. If `back` is
    given, it is blended over `texture` with the weight `turned` in [0, 1].
    """

    x: int
    y: int
    map_x: Float32[np.ndarray, "h w"]
    map_y: Float32[np.ndarray, "h w"]
    texture: Texture
    cover: Float32[np.ndarray, "h w"] | None = None
    back: Texture | None = None
    turned: Float32[np.ndarray, "h w"] | None = None


def complete_texture(
    colour: np.ndarray, known: np.ndarray, alpha: np.ndarray, labels: np.ndarray
) -> Texture:
    """Complete a part's texture where it was hidden and cut it to the part's shape.

    Args:
        colour: float32 `(h, w, 3)` in 0..255.
        known: where colours and classes belong to the part, in [0, 1].
        alpha: the part's shape.
        labels: classes, `(h, w)`.
    """
    alpha = np.clip(alpha, 0, 1).astype(np.float32)
    full = filled(colour.astype(np.float32), known) if known.max(initial=0) > 0 else colour
    rgba = np.concatenate([full * alpha[..., None], 255 * alpha[..., None]], -1)
    classes = nearest_filled(labels, (known > 0.5) & (labels > 0))
    return Texture(np.clip(rgba + 0.5, 0, 255).astype(np.uint8), classes.astype(np.uint8))


def sample(picture: np.ndarray, sprite: Sprite, nearest_pixel: bool = False) -> np.ndarray:
    """Sample a picture in texture coordinates at the sprite's pixels."""
    mode = cv2.INTER_NEAREST if nearest_pixel else cv2.INTER_LINEAR
    border = cv2.BORDER_REPLICATE if nearest_pixel else cv2.BORDER_CONSTANT
    result: np.ndarray = cv2.remap(
        picture, sprite.map_x, sprite.map_y, mode, borderMode=border, borderValue=(0, 0, 0, 0)
    )
    return result


def seen(sprite: Sprite) -> Float32[np.ndarray, "h w 4"]:
    """The sprite's premultiplied RGBA, 0..255."""
    rgba = sample(sprite.texture.colour, sprite).astype(np.float32)
    if sprite.back is not None and sprite.turned is not None:
        share = sprite.turned[..., None]
        rgba += (sample(sprite.back.colour, sprite).astype(np.float32) - rgba) * share
    if sprite.cover is not None:
        rgba *= sprite.cover[..., None]
    return rgba


def classes(sprite: Sprite) -> UInt8[np.ndarray, "h w"]:
    """The sprite's classes; only valid where its alpha is high."""
    labels = sample(sprite.texture.labels, sprite, nearest_pixel=True)
    if sprite.back is not None and sprite.turned is not None:
        other = sample(sprite.back.labels, sprite, nearest_pixel=True)
        labels = np.where(sprite.turned > 0.5, other, labels)
    return labels


def over(under: Float32[np.ndarray, "h w 4"], rgba: Float32[np.ndarray, "h w 4"]) -> None:
    """Composite premultiplied RGBA, 0..255, over `under`, in place."""
    under *= 1 - rgba[..., 3:] * np.float32(1 / 255)
    under += rgba


def paint(sprites: list[Sprite], size: tuple[int, int]) -> Float32[np.ndarray, "h w 4"]:
    """Composite all sprites, the first at the bottom: premultiplied RGBA, 0..1."""
    out = np.zeros((*size, 4), np.float32)
    for sprite in sprites:
        rgba = seen(sprite)
        over(out[place(sprite)], rgba)
    out *= np.float32(1 / 255)
    return out


def paint_labels(sprites: list[Sprite], size: tuple[int, int]) -> UInt8[np.ndarray, "h w"]:
    """Composite the classes of all sprites, the first at the bottom."""
    out = np.zeros(size, np.uint8)
    for sprite in sprites:
        solid = seen(sprite)[..., 3] > SOLID
        out[place(sprite)][solid] = classes(sprite)[solid]
    return out


def place(sprite: Sprite) -> tuple[slice, slice]:
    """The sprite's rectangle on the canvas."""
    height, width = sprite.map_x.shape
    return slice(sprite.y, sprite.y + height), slice(sprite.x, sprite.x + width)


def rectangle(
    points: np.ndarray, reach: float, size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 of the canvas around points; None if they are off the canvas."""
    low = np.floor(points.min(0) - reach)
    high = np.ceil(points.max(0) + reach) + 1
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]), size[1]), min(int(high[1]), size[0])
    return (x0, y0, x1, y1) if x1 - x0 > 1 and y1 - y0 > 1 else None
