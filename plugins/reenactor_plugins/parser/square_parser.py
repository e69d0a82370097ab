"""From a network that labels a square picture to the labels of one person in any picture.

As SCHP has it (Li et al. 2019): the part of the picture around the person is fitted into a
square, black where it is not square itself; the network's logits are brought back to the picture
and compared there, not in the small.
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
"""How far beyond its joints a person may reach (head, hands, skirts), in sides of their box."""
HEAD = 1.2
"""The same for a head seen from near, in distances from nose to neck."""

TRUNK = (Joint.NECK, Joint.L_SHOULDER, Joint.L_HIP, Joint.R_HIP, Joint.R_SHOULDER)

Logits = Callable[[UInt8[np.ndarray, "S S 3"]], Float32[np.ndarray, "C S S"]]
"""What a network makes of a square RGB picture: how much it believes in each of its classes."""

Matrix = Float[np.ndarray, "2 3"]


@dataclass(frozen=True)
class SquareParser:
    """A network, and what its channels mean.

    `size` is the square's side in pixels. `around` says what is fitted into it: the person with
    a margin, or the whole picture.
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
        """The labels of the person of a skeleton; background everywhere if it is empty.

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
        """The best class of each pixel, where several people are for all of them."""
        matrix = to_square(picture.shape[:2], self.size)
        logits = self.logits(seen(picture, matrix, self.size))
        return best_of(logits, matrix, picture.shape[:2], numbers_of(self.names))


def part_around(
    body: Float[np.ndarray, "25 3"], size: tuple[int, ...]
) -> tuple[slice, slice] | None:
    """Rows and columns where the person may be; None where no joint in the picture is seen."""
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
    """The map from a picture of that height and width into the middle of a square.

    The centres of the longer side's first and last pixels come to those of the square's.
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
    """The picture in the square, black beyond its edges.

    A picture of at least twice the size is averaged first; else pixels would be skipped.
    """
    factor = max(1, int(1 / np.hypot(*matrix[:, 0]) + 1e-6))
    if factor > 1:
        # A pixel is now the mean of factor x factor around its centre; one more all around, so
        # that what was at the edge does not fade into black.
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
    """Bring logits back to a picture of that size, one after the other, and keep the best one's
    class number."""
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
    """Where the person certainly is: on the joints that are seen, between them, in the trunk."""
    canvas = np.zeros(size, np.uint8)
    fixed = np.clip(body[:, :2], -(2**15), 2**15).round().astype(np.int32)
    is_seen = body[:, 2] > SEEN
    if is_seen[list(TRUNK)].all():
        cv2.fillPoly(canvas, [fixed[list(TRUNK)]], (1,))
    for a, b in (*BODY_BONES, *((j, j) for j in Joint)):
        if is_seen[a] and is_seen[b]:
            cv2.line(canvas, fixed[a].tolist(), fixed[b].tolist(), (1,), 1)
    return canvas > 0
