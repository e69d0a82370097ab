"""Silhouettes, packed to one bit per pixel, and holes for inpainting."""

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

from reenactor.joints import BODY_BONES, Joint
from reenactor.values import People, Skeleton

Mask = npt.NDArray[np.bool_]

LIMB_RADIUS = 0.055
"""The radius of body and clothes around a bone, in body heights."""
DILATION = 0.025
"""The margin of a hole in body heights, for hair, motion blur and soft edges."""
DRAWN = 200
"""The height of a person in pixels at which holes are drawn."""


def pack(mask: Float[Tensor, "N 1 S S"]) -> UInt8[Tensor, "N S B"]:
    """Pack masks to one bit per pixel (person above 0.5) along x; S must be a multiple of 8."""
    return torch.from_numpy(np.packbits(mask[:, 0].numpy() > 0.5, axis=-1))


def unpack(bits: UInt8[Tensor, "N S B"]) -> Bool[Tensor, "N S S"]:
    """The reverse of `pack`."""
    return torch.from_numpy(np.unpackbits(bits.numpy(), axis=-1).astype(bool))


def silhouette_of(people: People) -> tuple[UInt8[Tensor, "N S B"], Float[Tensor, "N 4"]]:
    """Packed masks of people and their squares; S = 0 if the estimator has none."""
    if people.mask is None or people.mask_box is None:
        return torch.zeros(len(people), 0, 0, dtype=torch.uint8), torch.zeros(len(people), 4)
    return pack(people.mask), people.mask_box


def hole(
    size: tuple[int, int],
    skeleton: Skeleton,
    bits: UInt8[Tensor, "1 S B"],
    mask_box: Float[Tensor, "1 4"],
) -> Mask:
    """The region of a person that an inpainter must replace, with a margin.

    The union of the silhouette (if there is one) and thick bones, which cover what a silhouette
    misses, such as a blurred hand or a thin ankle.

    Args:
        size: height and width of the frame.
        skeleton: the person in pixels of the frame, T = 1.
        bits, mask_box: the packed silhouette and its square.
    """
    height = body_height(skeleton)
    if height <= 0:
        return np.zeros(size, bool)
    # At low resolution: holes need no precise edge, and large frames would be thirty times slower.
    shrink = max(1, round(height / DRAWN))
    small = np.zeros((-(-size[0] // shrink), -(-size[1] // shrink)), np.uint8)
    to_small = torch.tensor([[[1.0, 0, 0.5], [0, 1.0, 0.5]]]) / shrink
    to_small[:, :, 2] -= 0.5
    _draw_bones(small, skeleton.moved(to_small), max(1, round(LIMB_RADIUS * height / shrink)))
    if bits.shape[1] > 0:
        box = (mask_box[0].double().numpy() + 0.5) / shrink - 0.5
        _draw_silhouette(small, unpack(bits)[0].numpy(), box)
    radius = max(1, round(DILATION * height / shrink))
    grown = cv2.dilate(small, disc(radius)) * 255
    large = cv2.resize(grown, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_LINEAR)
    out: Mask = large[: size[0], : size[1]] > 127
    return out


def disc(radius: int) -> UInt8[np.ndarray, "D D"]:
    """A disc-shaped structuring element, D = 2 radius + 1."""
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


def body_height(skeleton: Skeleton) -> float:
    """The person's standing height in pixels, from visible bones (T = 1); 0 for nobody.

    Torso and legs are measured along the bones, so a squat does not change it.
    """
    body = skeleton.body[0].double().numpy()

    def length(a: Joint, b: Joint) -> float:
        seen = min(body[a, 2], body[b, 2]) > 0.05
        return float(np.hypot(*(body[a, :2] - body[b, :2]))) if seen else 0.0

    torso = length(Joint.NECK, Joint.MID_HIP)
    thigh = max(length(Joint.L_HIP, Joint.L_KNEE), length(Joint.R_HIP, Joint.R_KNEE))
    shin = max(length(Joint.L_KNEE, Joint.L_ANKLE), length(Joint.R_KNEE, Joint.R_ANKLE))
    shoulders = length(Joint.L_SHOULDER, Joint.R_SHOULDER)
    # Standing height over each of these lengths, for adults (anthropometric tables, rounded).
    return max(torso * 3.4, (thigh + shin) * 2.1, (torso + thigh + shin) * 1.3, shoulders * 4.0)


def _draw_bones(out: npt.NDArray[np.uint8], skeleton: Skeleton, radius: int) -> None:
    body = skeleton.body[0].numpy()
    for a, b in BODY_BONES:
        if min(body[a, 2], body[b, 2]) > 0.05:
            cv2.line(out, _pixel(body[a]), _pixel(body[b]), 1, 2 * radius)
    for hand in skeleton.hands[0].numpy():
        points = hand[hand[:, 2] > 0.05]
        if len(points) > 2:
            hull = cv2.convexHull(np.round(points[:, :2]).astype(np.int32))
            cv2.fillConvexPoly(out, hull, 1)


def _pixel(point: npt.NDArray[np.float32]) -> tuple[int, int]:
    x, y = np.clip(np.round(point[:2]), -20000, 20000).astype(int)
    return int(x), int(y)


def _draw_silhouette(out: npt.NDArray[np.uint8], mask: Mask, box: npt.NDArray[np.float64]) -> None:
    """Resize the square mask to its box and add it to the picture."""
    x0, y0, x1, y1 = box
    left, top = max(int(np.floor(x0)), 0), max(int(np.floor(y0)), 0)
    right, bottom = min(int(np.ceil(x1)) + 1, out.shape[1]), min(int(np.ceil(y1)) + 1, out.shape[0])
    if right <= left or bottom <= top:
        return
    side = mask.shape[0]
    scale = np.array([(x1 - x0) / side, (y1 - y0) / side])
    offset = np.array([x0, y0]) + scale / 2 - (left, top)
    matrix = np.array([[scale[0], 0, offset[0]], [0, scale[1], offset[1]]])
    grey = cv2.warpAffine(mask.astype(np.uint8) * 255, matrix, (right - left, bottom - top))
    out[top:bottom, left:right] |= (grey > 100).astype(np.uint8)
