"""Prepares the target's photo for cutting: soft silhouette, colours without fringes."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor.ops.filling import nearest_filled
from reenactor.ops.geometry import crop
from reenactor.ops.guided_filter import GuidedFilter
from reenactor.values import Target, Window

FINEST = 1.3
"""Maximum resolution of the cut photo relative to the canvas."""
_BAND = 4
"""Maximum movement of the silhouette from the parsing's edge, in canvas pixels."""
_NEARBY = 5.0
"""Canvas pixels over which the colours on either side of the outline are averaged."""
_MOST = 2**15 - 2
"""OpenCV's limit for the number of rows or columns in remap."""


@dataclass(frozen=True)
class TargetPhoto:
    """Colours, silhouette and classes of the target.

    `colour` (0..255) and `alpha` are `fine` times finer than the canvas, `labels` are on the
    canvas; `inside` is 1 inside the photo.
    """

    colour: Float32[np.ndarray, "h w 3"]
    alpha: Float32[np.ndarray, "h w"]
    labels: UInt8[np.ndarray, "H W"]
    inside: Float32[np.ndarray, "H W"]
    fine: float

    def colours_at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Colours at canvas coordinates: float32 `(..., 3)`."""
        return sampled(self.colour, (x + 0.5) * self.fine - 0.5, (y + 0.5) * self.fine - 0.5)

    @property
    def coarse(self) -> np.ndarray:
        """The colours on the canvas."""
        size = self.labels.shape[1::-1]
        return np.asarray(cv2.resize(self.colour, size, interpolation=cv2.INTER_AREA))

    def alpha_at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The silhouette at canvas coordinates."""
        return sampled(self.alpha, (x + 0.5) * self.fine - 0.5, (y + 0.5) * self.fine - 0.5)


def sampled(
    picture: np.ndarray, x: np.ndarray, y: np.ndarray, nearest: bool = False, beyond: float = 0.0
) -> np.ndarray:
    """Sample a picture at coordinates. Outside, colours are repeated; other values are `beyond`."""
    longest = int(np.argmax(x.shape))
    if x.shape[longest] > _MOST:
        halves = (np.array_split(at, 2, longest) for at in (x, y))
        parts = [sampled(picture, u, v, nearest, beyond) for u, v in zip(*halves, strict=True)]
        return np.concatenate(parts, longest)
    colours = picture.ndim == 3
    result: np.ndarray = cv2.remap(
        picture,
        np.ascontiguousarray(x, np.float32),
        np.ascontiguousarray(y, np.float32),
        cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE if colours else cv2.BORDER_CONSTANT,
        borderValue=(beyond, beyond, beyond, beyond),
    )
    return result


def filled(picture: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill unknown colours from their surroundings with a push-pull pyramid.

    Args:
        picture: float32 `(h, w, 3)`.
        known: weights in [0, 1], `(h, w)`; 1 keeps the pixel.
    """
    weight = known.astype(np.float32)
    levels: list[tuple[np.ndarray, np.ndarray]] = [(picture * weight[..., None], weight)]
    while min(levels[-1][1].shape) > 2:
        values, weights = levels[-1]
        size = ((weights.shape[1] + 1) // 2, (weights.shape[0] + 1) // 2)
        levels.append(
            (
                cv2.resize(values, size, interpolation=cv2.INTER_AREA),
                cv2.resize(weights, size, interpolation=cv2.INTER_AREA),
            )
        )
    values, weights = levels[-1]
    mean = values.sum((0, 1)) / max(float(weights.sum()), 1e-6)
    empty = weights[..., None] < 1e-6
    out: np.ndarray = np.where(empty, mean, values / np.maximum(weights, 1e-6)[..., None])
    for values, weights in levels[-2::-1]:
        size = (weights.shape[1], weights.shape[0])
        out = cv2.resize(out, size, interpolation=cv2.INTER_LINEAR)
        share = np.clip(weights, 0, 1)[..., None]
        out = values / np.maximum(weights, 1e-6)[..., None] * share + out * (1 - share)
    return out.astype(np.float32)


def target_photo(target: Target, labels: UInt8[np.ndarray, "H W"]) -> TargetPhoto:
    """Prepare the photo of a target, with its parsing on the canvas."""
    height, width = labels.shape
    box = target.window.box[0].double()
    pixels = float(box[2] - box[0]) / width
    fine = float(np.clip(pixels, 1, FINEST))
    size = round(height * fine), round(width * fine)
    window = Window(target.window.box, size)
    colour = crop(target.photo, window)[0].permute(1, 2, 0).contiguous().numpy()
    alpha = _silhouette(colour, labels)
    clean = _without_fringe(colour * 255, alpha, fine)
    return TargetPhoto(clean, alpha, labels, _inside(target, labels.shape), fine)


def _silhouette(colour: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Move the parsing's outline to the photo's edges and soften it.

    In a band around the outline, each pixel is compared with the person's and the background's
    colours nearby. If these are too similar, the parsing decides.
    """
    size = (colour.shape[1], colour.shape[0])
    person = (labels > 0).astype(np.float32)
    fine = size[0] / labels.shape[1]
    rough = cv2.GaussianBlur(cv2.resize(person, size, interpolation=cv2.INTER_LINEAR), (0, 0), fine)
    near = np.ones((2 * _BAND + 1, 2 * _BAND + 1), np.uint8)
    surely = cv2.resize(cv2.erode(person, near), size)
    perhaps = cv2.resize(cv2.dilate(person, near), size)
    inner = cv2.erode(person, np.ones((5, 5), np.uint8))
    outer = cv2.erode(1 - person, np.ones((3, 3), np.uint8))
    sides = cv2.resize(inner, size), cv2.resize(outer, size)
    share, trust = _by_colour(colour, *sides, _NEARBY * fine)
    mixed = np.clip(rough + trust * (share - rough), 0, 1)
    guided = GuidedFilter(colour, max(1, round(1.5 * fine)), 2e-3)(mixed)
    alpha = np.clip((guided - 0.5) / 0.6 + 0.45, 0, 1)
    return np.clip(np.minimum(np.maximum(alpha, surely), perhaps), 0, 1).astype(np.float32)


def _by_colour(
    colour: np.ndarray, person: np.ndarray, background: np.ndarray, sigma: float
) -> tuple[np.ndarray, np.ndarray]:
    """Probability that each pixel's colour is the person's, and its confidence."""

    def around(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        total = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-5)
        mean = cv2.GaussianBlur(colour * weight[..., None], (0, 0), sigma) / total[..., None]
        square = cv2.GaussianBlur(colour**2 * weight[..., None], (0, 0), sigma)
        variance = np.maximum(square / total[..., None] - mean**2, 0).sum(-1)
        return mean, variance, np.clip(total / 0.02, 0, 1)

    own, own_spread, own_near = around(person)
    other, other_spread, other_near = around(background)
    apart = own - other
    distance = (apart**2).sum(-1)
    share = ((colour - other) * apart).sum(-1) / np.maximum(distance, 1e-4)
    trust = distance / (distance + 2 * (own_spread + other_spread) + 0.01)
    return np.clip(share, 0, 1), trust * np.minimum(own_near, other_near)


def _without_fringe(colour: np.ndarray, alpha: np.ndarray, fine: float) -> np.ndarray:
    """Replace colours near and outside the silhouette by those well inside it."""
    reach = max(1, round(1.5 * fine))
    solid = cv2.erode((alpha > 0.9).astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0
    if not solid.any():
        return colour.astype(np.float32)
    spread = nearest_filled(colour.astype(np.float32), solid)
    smooth = cv2.GaussianBlur(spread, (0, 0), 0.8 * fine)
    return np.where(solid[..., None], colour, smooth).astype(np.float32)


def _inside(target: Target, size: tuple[int, int]) -> np.ndarray:
    """1 where the canvas is covered by the photo."""
    height, width = target.photo.size
    matrix = target.window.to_canvas[0].double().numpy()
    everywhere = np.ones((height, width), np.float32)
    return cv2.warpAffine(everywhere, matrix, (size[1], size[0]), flags=cv2.INTER_LINEAR)
