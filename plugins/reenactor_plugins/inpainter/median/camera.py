"""Registers two views of a place by corners of the background."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8

Matrix = Float[np.ndarray, "3 3"]
"""A homography: maps pixels of the first view to pixels of the second."""

SIDE = 720
"""Longest side at which views are compared; corners are located to a tenth of a pixel."""

FEWEST = 12
"""Fewest corners that must agree on a movement."""

TOLERANCE = 1.5
"""Pixels by which corners that agree may differ."""

WINDOW, LEVELS = (15, 15), 3
"""Of the tracker."""

PRIOR = 0.001
"""Weight of the nearest similarity in a homography, where corners do not tell."""


@dataclass(frozen=True)
class Movement:
    """A movement and the corners behind it.

    Attributes:
        matrix: from the first view to the second.
        agreeing: share of the tracked corners that agree; low where parallax bends the picture.
        kept: share of the first view's corners that were found again and agree.
    """

    matrix: Matrix
    agreeing: float
    kept: float


@dataclass(frozen=True, eq=False)
class View:
    """A reduced picture, evened in contrast. `hidden` is the hole, with a margin."""

    grey: UInt8[np.ndarray, "h w"]
    hidden: Bool[np.ndarray, "h w"]

    @cached_property
    def corners(self) -> Float32[np.ndarray, "N 1 2"]:
        """Corners to track, spread over the visible part."""
        mask = (~self.hidden).view(np.uint8)
        found = cv2.goodFeaturesToTrack(self.grey, 250, 0.02, 16, mask=mask)
        return np.zeros((0, 1, 2), np.float32) if found is None else np.asarray(found, np.float32)

    @cached_property
    def features(self) -> tuple[Float32[np.ndarray, "M 2"], UInt8[np.ndarray, "M 32"] | None]:
        """Features to recognise the place by."""
        orb = cv2.ORB.create(1000, fastThreshold=10)
        marks, descriptors = orb.detectAndCompute(self.grey, (~self.hidden).view(np.uint8))
        return np.array([mark.pt for mark in marks], np.float32).reshape(-1, 2), descriptors


def reduction(size: tuple[int, int]) -> Matrix:
    """Maps pixels of a picture of this height and width to pixels of its view."""
    scale = min(1.0, SIDE / max(size))
    x, y = (round(side * scale) / side for side in size[::-1])
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def view(picture: UInt8[np.ndarray, "H W 3"], hidden: Bool[np.ndarray, "H W"]) -> View:
    """Reduce a picture for comparison."""
    scale = min(1.0, SIDE / max(hidden.shape))
    size = round(hidden.shape[1] * scale), round(hidden.shape[0] * scale)
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    hole = cv2.resize(hidden.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return View(_evened(grey), cv2.dilate(hole, np.ones((9, 9), np.uint8)) > 0)


def _evened(grey: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    """Equalise local contrast, so that neither a logo over a pale scene nor the noise of a plain
    wall dominates."""
    fine = grey - cv2.blur(grey, (25, 25)).astype(np.float32)
    strength = np.sqrt(cv2.blur(fine * fine, (51, 51)))
    return np.asarray((128 + 40 * fine / (strength + 6)).clip(0, 255).astype(np.uint8))


def followed(first: View, second: View, guess: Matrix) -> Movement | None:
    """Track the first view's corners into the second, starting from a guess."""
    tracked = tracks(first, second, guess)
    return None if tracked is None else _agreed(*tracked, len(first.corners), first.grey.shape)


def recognised(first: View, second: View) -> Movement | None:
    """A movement of any size, by features; refined by tracking."""
    (one, descriptors), (two, others) = first.features, second.features
    if descriptors is None or others is None:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(descriptors, others)
    if len(pairs) < FEWEST:
        return None
    start, end = one[[p.queryIdx for p in pairs]], two[[p.trainIdx for p in pairs]]
    matrix, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=4.0)
    if matrix is None or inliers.sum() < max(FEWEST, 0.15 * len(pairs)):
        return None
    return followed(first, second, np.vstack([matrix, [0, 0, 1]]))


def tracks(
    first: View, second: View, guess: Matrix
) -> tuple[Float32[np.ndarray, "N 2"], Float32[np.ndarray, "N 2"]] | None:
    """Corners of the first view and where they are in the second (Lucas-Kanade), those that are
    found again on the way back."""
    if len(first.corners) < FEWEST:
        return None
    expected = cv2.perspectiveTransform(first.corners, guess).astype(np.float32)
    height, width = second.grey.shape
    near = np.all((expected > -8) & (expected < [width + 8, height + 8]), axis=(1, 2))
    start, expected = first.corners[near], expected[near]
    if len(start) < FEWEST:
        return None
    end, found = _flow(first.grey, second.grey, start, expected)
    back, returned = _flow(second.grey, first.grey, end, start)
    at = np.round(end[:, 0]).astype(int)
    inside = np.asarray(((at >= 0) & (at < [width, height])).all(1))
    at = np.where(inside[:, None], at, 0)
    good = inside & ~second.hidden[at[:, 1], at[:, 0]] & (found & returned)[:, 0].astype(bool)
    good &= np.linalg.norm(back - start, axis=-1)[:, 0] < 0.5
    return start[good, 0], end[good, 0]


def _flow(
    first: UInt8[np.ndarray, "h w"],
    second: UInt8[np.ndarray, "h w"],
    start: Float32[np.ndarray, "N 1 2"],
    expected: Float32[np.ndarray, "N 1 2"],
) -> tuple[Float32[np.ndarray, "N 1 2"], UInt8[np.ndarray, "N 1"]]:
    end, found, _ = cv2.calcOpticalFlowPyrLK(
        first,
        second,
        start,
        expected.copy(),
        winSize=WINDOW,
        maxLevel=LEVELS,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(end, np.float32), np.asarray(found, np.uint8)


def _agreed(
    start: Float32[np.ndarray, "N 2"],
    end: Float32[np.ndarray, "N 2"],
    corners: int,
    size: tuple[int, ...],
) -> Movement | None:
    """The homography that most tracks agree on."""
    if len(start) < FEWEST:
        return None
    similar, _ = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=2 * TOLERANCE)
    if similar is None or not 0.4 < np.hypot(*similar[0, :2]) < 2.5:
        return None
    near = np.vstack([similar, [0, 0, 1]])
    free, _ = cv2.findHomography(start, end, cv2.USAC_MAGSAC, TOLERANCE)
    best = max(
        (m for m in (near, free) if m is not None), key=lambda m: _close(start, end, m).sum()
    )
    inliers = _close(start, end, best)
    if inliers.sum() < max(FEWEST, 0.25 * len(start)):
        return None
    fitted = _least_squares(start[inliers], end[inliers], near, size)
    inliers = _close(start, end, fitted)
    if inliers.sum() < FEWEST:
        return None
    return Movement(fitted, float(inliers.mean()), float(inliers.sum() / corners))


def _close(
    start: Float32[np.ndarray, "N 2"], end: Float32[np.ndarray, "N 2"], matrix: Matrix
) -> Bool[np.ndarray, " N"]:
    off = cv2.perspectiveTransform(start[:, None], matrix)[:, 0] - end
    return np.asarray(np.linalg.norm(off, axis=-1) < TOLERANCE)


def _least_squares(
    start: Float32[np.ndarray, "N 2"],
    end: Float32[np.ndarray, "N 2"],
    near: Matrix,
    size: tuple[int, ...],
) -> Matrix:
    """Fit a homography to tracks, drawn towards a similarity where there are no tracks."""
    height, width = size
    grid = np.array([[x, y] for y in (0, height / 2, height) for x in (0, width / 2, width)])
    prior = cv2.perspectiveTransform(grid[:, None], near)[:, 0]
    scale = max(size)
    one = np.vstack([start, grid]) / scale
    two = np.vstack([end, prior]) / scale
    weight = np.sqrt(np.r_[np.ones(len(start)), np.full(9, PRIOR * len(start) / 9)])[:, None]
    ones, none = np.ones((len(one), 1)), np.zeros((len(one), 3))
    rows = [
        np.hstack([one, ones, none, -one * two[:, :1]]) * weight,
        np.hstack([none, one, ones, -one * two[:, 1:]]) * weight,
    ]
    wanted = np.vstack([two[:, :1] * weight, two[:, 1:] * weight])[:, 0]
    solved = np.linalg.lstsq(np.vstack(rows), wanted, rcond=None)[0]
    unit = np.diag([scale, scale, 1.0])
    return np.asarray(unit @ np.append(solved, 1).reshape(3, 3) @ np.linalg.inv(unit))


DAMPING = 4.0
"""Squared gradient per pixel below which a direction does not move: plain walls tell nothing."""

OFF = 24.0
"""Difference above which pixels do not count, of 255."""


def slid(first: View, second: View, guess: Matrix) -> Movement | None:
    """Shift a guess so that the views fit, without corners: for plain walls with a line of floor.

    Gauss-Newton with Huber's weights (Baker and Matthews, 2004), from coarse to fine.
    """
    x, y = 0.0, 0.0
    height, width = first.grey.shape
    agreeing = 0.0
    for sigma in (6.0, 3.0, 1.5):
        one, two = (
            cv2.GaussianBlur(v.grey, (0, 0), sigma).astype(np.float32) for v in (first, second)
        )
        slopes = [cv2.Sobel(one, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1))]
        for _ in range(6):
            matrix = np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]]) @ guess
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            now = cv2.warpPerspective(two, matrix, (width, height), flags=flags)
            hidden = cv2.warpPerspective(
                second.hidden.view(np.uint8), matrix, (width, height), flags=flags,
                borderMode=cv2.BORDER_CONSTANT, borderValue=(1.0,),
            )  # fmt: skip
            seen = (hidden == 0) & ~first.hidden
            if seen.sum() < 0.1 * seen.size:
                return None
            off = (now - one)[seen]
            gx, gy = slopes[0][seen], slopes[1][seen]
            weight = np.minimum(1, 6 / np.maximum(np.abs(off), 1e-3))
            rows = np.stack([gx, gy])
            normal = (rows * weight) @ rows.T + DAMPING / sigma * np.eye(2) * len(off) / 100
            dx, dy = np.linalg.solve(normal, (rows * weight) @ off)
            x, y = x - float(dx), y - float(dy)
            agreeing = float((np.abs(off) < OFF).mean())
            if max(abs(dx), abs(dy)) < 0.02:
                break
    if agreeing < 0.7 or max(abs(x), abs(y)) > 0.1 * max(first.grey.shape):
        return None
    return Movement(np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]]) @ guess, agreeing, 1.0)


MOVED = 0.5
"""Corners that move by fewer pixels stand still."""

CELLS = 8
"""Movement is judged in this many cells along each side: a subtitle is one voice of many."""


def votes(first: View, second: View) -> tuple[int, int, int]:
    """Cells of the picture whose corners stand still, move, and are lost (a screen, a subtitle)."""

    def cells(points: Float32[np.ndarray, "N 2"]) -> np.ndarray:
        at = points * CELLS // np.array(first.grey.shape[::-1])
        return np.asarray(at[:, 1] * CELLS + at[:, 0], int)

    tracked = tracks(first, second, np.eye(3))
    every = set(cells(first.corners[:, 0]).tolist())
    if tracked is None:
        return 0, 0, len(every)
    start, end = tracked
    where, off = cells(start), np.linalg.norm(end - start, axis=-1)
    middle = {cell: float(np.median(off[where == cell])) for cell in set(where.tolist())}
    still = sum(value < MOVED for value in middle.values())
    return still, len(middle) - still, len(every) - len(middle)
