"""Limbs: straight strips of texture, laid along their bones.

A strip's rows run along the bone (or along forearm and hand), its columns across. Each canvas pixel
uses the nearest point of the bone, so that foreshortened limbs keep their round ends and bent ones
do not tear.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reenactor_plugins.puppet.sprite import Sprite, Texture, rectangle


@dataclass(frozen=True)
class Strip:
    """A limb's texture. `marks` are the rows' u (canvas pixels of the photo) of the joints.

    `u` of row r is `start + r / fine`; column c is `c / fine - reach` across. `share` is the
    visible share, `first` the first visible u.
    """

    texture: Texture
    marks: tuple[float, ...]
    start: float
    reach: float
    fine: float
    share: float
    first: float

    def mirrored(self) -> "Strip":
        """Mirror it to the other side."""
        flipped = Texture(
            np.ascontiguousarray(self.texture.colour[:, ::-1]),
            np.ascontiguousarray(self.texture.labels[:, ::-1]),
        )
        return Strip(
            flipped,
            self.marks,
            self.start,
            self.reach,
            self.fine,
            self.share,
            self.first,
        )


def lay(
    strip: Strip, nodes: np.ndarray, scale: float, size: tuple[int, int], covered: bool = False
) -> Sprite | None:
    """Place a strip along bones on the canvas.

    Args:
        strip: the limb.
        nodes: joints in canvas pixels, one per mark of the strip.
        scale: canvas pixels per pixel of the photo's canvas.
        size: size of the canvas.
        covered: leave out the part that a skirt hid in the photo.
    """
    box = rectangle(nodes, strip.reach * scale, size)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    x = np.arange(x0, x1, dtype=np.float32)[None]
    y = np.arange(y0, y1, dtype=np.float32)[:, None]
    best = past = bone = np.zeros(0, np.float32)
    u = v = np.zeros(0, np.float32)
    last = len(nodes) - 2
    for i, (a, b) in enumerate(pairwise(nodes)):
        step = (b - a).astype(np.float32)
        length = np.float32(max(float(np.hypot(*step)), 0.5))
        ahead = step / length
        dx, dy = x - np.float32(a[0]), y - np.float32(a[1])
        t = dx * ahead[0] + dy * ahead[1]
        across = dy * ahead[0] - dx * ahead[1]
        before, after = np.minimum(t, 0), np.maximum(t - length, 0)
        stretch = np.float32((strip.marks[i + 1] - strip.marks[i]) / length)
        here = np.float32(strip.marks[i]) + np.clip(t, 0, length) * stretch
        if i == 0:
            here += before / np.float32(scale)
        if i == last:
            here += after / np.float32(scale)
        if last == 0:
            u, v = here, across
            break
        distance = across**2 + (before + after) ** 2
        if i == 0:
            best, u, v = distance, here, across
        else:
            nearer = distance < best
            u, v = np.where(nearer, here, u), np.where(nearer, across, v)
            best = np.minimum(best, distance)
            # On the outer side of a bend the joint is the nearest point of both pieces: the
            # distance across is that to the joint, which makes the strip round.
            corner = (past > 0) & (before < 0)
            outer = np.float32(-1 if bone[0] * ahead[1] - bone[1] * ahead[0] > 0 else 1)
            v = np.where(corner, outer * np.sqrt(distance), v)
        past, bone = after, ahead
    fine = np.float32(strip.fine)
    map_x = (v * np.float32(1 / scale) + np.float32(strip.reach)) * fine
    map_y = (u - np.float32(strip.start)) * fine
    cover = None
    if covered:
        length = np.float32(max(strip.marks[-1], 1))
        cover = np.clip((u - np.float32(strip.first)) / length * 5 + 2, 0, 1).astype(np.float32)
    return Sprite(x0, y0, map_x, map_y, strip.texture, cover)
