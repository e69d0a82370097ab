"""Hair that the photo does not show: its colour from crown to tips, and strands of its own."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float

from reenactor.labels import Label
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.sprite import Texture

HAIRY = (Label.HAIR, Label.HAT)
ENOUGH = 30
"""Fewer pixels of hair than this are none."""
_STEADY = 4.0
"""Texture rows over which the colour is averaged."""
_STRETCH = 0.35
"""Texels of the strands' pattern for one texel down."""


@dataclass(frozen=True)
class Hair:
    """`colour` (H, 3) is that of each row of the head's texture, 0..255; `strands` a patch of what
    differs from it."""

    colour: Float[np.ndarray, "H 3"]
    strands: Float[np.ndarray, "h w 3"]

    def painted(self, row: np.ndarray, down: np.ndarray, aside: np.ndarray) -> np.ndarray:
        """A picture of hair; each pixel's row in the head's texture, and its place in texels."""
        at = np.rint(row).clip(0, len(self.colour) - 1).astype(int)
        height, width = self.strands.shape[:2]
        x, y = _there_and_back(aside, width), _there_and_back(down * _STRETCH, height)
        detail = cv2.remap(
            self.strands, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR
        )
        return np.asarray(np.clip(self.colour[at] + detail, 0, 255), np.float32)


def find_hair(texture: Texture) -> Hair | None:
    """The hair in a head's texture; None if it has none."""
    known = np.isin(texture.labels, HAIRY) & (texture.colour[..., 3] > 200)
    core = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    known = core if core.sum() > ENOUGH else known
    if known.sum() < ENOUGH:
        return None
    colour = texture.colour[..., :3].astype(np.float32)
    middle = np.median(colour[known], axis=0)
    strange = np.abs(colour - middle).max(-1)
    known = known & (strange < 3 * np.median(strange[known]) + 8)
    rows = np.flatnonzero(known.sum(1) >= 3)
    if not len(rows):
        return None
    own = np.stack([np.median(colour[row][known[row]], axis=0) for row in rows])
    every = np.arange(len(colour))
    profile = np.stack([np.interp(every, rows, channel) for channel in own.T], 1)
    profile = gaussian(profile, _STEADY)
    return Hair(0.8 * profile + 0.2 * middle, _strands(colour, known))


def _strands(colour: np.ndarray, known: Bool[np.ndarray, "h w"]) -> np.ndarray:
    """The largest square of hair, combed, less its blurred self."""
    away = cv2.distanceTransform(known.astype(np.uint8), cv2.DIST_L2, 3)
    y, x = np.unravel_index(int(away.argmax()), away.shape)
    reach = max(int(0.7 * away[y, x]), 2)
    patch = colour[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    # Strands run down: what changes quickly in that direction is something else.
    combed = cv2.GaussianBlur(patch, (0, 0), sigmaX=0.4, sigmaY=max(reach / 2, 1))
    return np.asarray(1.3 * (combed - cv2.GaussianBlur(patch, (0, 0), max(reach / 2, 1))))


def _there_and_back(place: np.ndarray, length: int) -> np.ndarray:
    """Places in a row of samples that is repeated, every other time in reverse."""
    period = 2 * max(length - 1, 1)
    return np.asarray((length - 1) - np.abs(place % period - (length - 1)))
