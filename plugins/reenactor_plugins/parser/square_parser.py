"""Parses one person in any picture with a network for square pictures.

As in SCHP (Li et al. 2019), the region around the person is fitted into a square with black
padding. The network's logits are upsampled to the picture before the best class is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8

from reenactor.joints import BODY_BONES, Joint
from reenactor_plugins.parser import cleanup
from reenactor_plugins.parser.edges import shrunk
from reenactor_plugins.parser.label_sets import numbers_of
from reenactor_plugins.parser.neck import split_neck
from reenactor_plugins.parser.sides import SEEN, with_sides

MARGIN = 0.2
"""Margin around the joints (for head, hands, skirts), in sides of their box."""
HEAD = 1.2
"""Margin around a head in a close-up, in distances from nose to neck."""

TRUNK = (Joint.NECK, Joint.L_SHOULDER, Joint.L_HIP, Joint.R_HIP, Joint.R_SHOULDER)

Logits = Callable[[UInt8[np.ndarray, "S S 3"]], Float32[np.ndarray, "C S S"]]
"""Maps a square RGB picture to class logits."""

Matrix = Float[np.ndarray, "2 3"]


@dataclass(frozen=True)
class SquareParser:
    """A network and the meaning of its channels.

    `size` is the square's side in pixels. `around` selects its content: the person with a margin,
    or the whole picture.
    """

    logits: Logits
    names: tuple[str, ...]
    size: int
    around: Literal["person", "picture"] = "person"

    def labels(
        self,
        picture: UInt8[np.ndarray, "H W 3"],
        body: Float[np.ndarray, "25 3"],
        face: Float[np.ndarray, "70 3"],
    ) -> UInt8[np.ndarray, "H W"]:
        """Label the person of a skeleton; all background if the skeleton is empty.

        Args:
            picture: RGB.
            body, face: key points in pixels.
        """
        body = np.where(np.isfinite(body).all(1, keepdims=True), body, 0)
        labels: UInt8[np.ndarray, "H W"] = np.zeros(picture.shape[:2], np.uint8)
        part = part_around(body, picture.shape[:2])
        if part is None:
            return labels
        if self.around == "picture":
            part = (slice(0, picture.shape[0]), slice(0, picture.shape[1]))
        found = self._labels_of(picture[part])
        moved = body - [part[1].start, part[0].start, 0]
        found = cleanup.keep_person(found, bones(moved, found.shape))
        labels[part] = with_sides(found, moved)
        return labels if "torso-skin" in self.names else split_neck(labels, body, face)

    def _labels_of(self, picture: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W"]:
        """The best class of each pixel, for all people in the picture."""
        matrix = to_square(picture.shape[:2], self.size)
        logits = self.logits(seen(picture, matrix, self.size))
        return best_of(logits, matrix, picture.shape[:2], numbers_of(self.names))


def part_around(
    body: Float[np.ndarray, "25 3"], size: tuple[int, ...]
) -> tuple[slice, slice] | None:
    """Rows and columns around the person; None if no joint is visible in the picture."""
    points = body[body[:, 2] > SEEN, :2]
    if not len(points):
        return None
    low, high = points.min(0), points.max(0)
    margin = MARGIN * float((high - low).max())
    if body[Joint.NOSE, 2] > SEEN and body[Joint.NECK, 2] > SEEN:
        neck = body[Joint.NECK, :2] - body[Joint.NOSE, :2]
        margin = max(margin, HEAD * float(np.hypot(*neck)))
    limit = [size[1], size[0]]
    left, top = np.clip(np.floor(low - margin), 0, limit).astype(int).tolist()
    right, bottom = np.clip(np.ceil(high + margin) + 1, 0, limit).astype(int).tolist()
    if right - left < 2 or bottom - top < 2:
        return None
    return slice(top, bottom), slice(left, right)


def to_square(size: tuple[int, ...], side: int) -> Matrix:
    """The affine map that centres a picture of the given height and width in a square.

    The first and last pixel centres of the longer side map to those of the square.
    """
    height, width = size[0], size[1]
    scale = (side - 1) / max(height - 1, width - 1, 1)
    middle = (side - 1) / 2
    return np.array(
        [[scale, 0, middle - scale * (width - 1) / 2],
         [0, scale, middle - scale * (height - 1) / 2]]
    )  # fmt: skip


def seen(
    picture: UInt8[np.ndarray, "H W 3"], matrix: Matrix, side: int
) -> UInt8[np.ndarray, "S S 3"]:
    """Warp the picture into the square, black outside it.

    A picture of at least twice the size is averaged first to avoid aliasing.
    """
    factor = max(1, int(1 / np.hypot(*matrix[:, 0]) + 1e-6))
    if factor > 1:
        # A pixel is now the mean of factor x factor pixels. Pad by one so that the edge does not
        # fade into black.
        small = cv2.copyMakeBorder(shrunk(picture, factor), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        shift = matrix[:, 2] + matrix[:, :2] @ np.full(2, (factor - 1) / 2 - factor)
        matrix = np.concatenate([matrix[:, :2] * factor, shift[:, None]], 1)
    else:
        small = picture
    return cv2.warpAffine(
        small, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    )


def best_of(
    logits: Float32[np.ndarray, "C S S"],
    matrix: Matrix,
    size: tuple[int, ...],
    numbers: tuple[int, ...],
) -> UInt8[np.ndarray, "H W"]:
    """Upsample logits to a picture of the given size, class by class, and return the best class."""
    height, width = size[0], size[1]
    best = np.full((height, width), -np.inf, np.float32)
    labels = np.zeros((height, width), np.uint8)
    for channel, number in zip(logits, numbers, strict=True):
        value = cv2.warpAffine(
            channel,
            matrix,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        better = value > best
        labels[better] = number
        best[better] = value[better]
    return labels


def bones(body: Float[np.ndarray, "25 3"], size: tuple[int, ...]) -> Bool[np.ndarray, "H W"]:
    """Mask of visible joints, the bones between them, and the trunk."""
    canvas = np.zeros(size, np.uint8)
    fixed = np.clip(body[:, :2], -(2**15), 2**15).round().astype(np.int32)
    is_seen = body[:, 2] > SEEN
    if is_seen[list(TRUNK)].all():
        cv2.fillPoly(canvas, [fixed[list(TRUNK)]], (1,))
    for a, b in (*BODY_BONES, *((j, j) for j in Joint)):
        if is_seen[a] and is_seen[b]:
            cv2.line(canvas, fixed[a].tolist(), fixed[b].tolist(), (1,), 1)
    return canvas > 0
