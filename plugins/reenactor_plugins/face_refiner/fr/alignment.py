"""Aligns faces: the upright, centred crops c_I and c^0 of section 3.3.

Five anchors (both eyes, tip of the nose, corners of the mouth) are mapped to five points of the
crop by a least-squares similarity (rotation, scale and shift, without reflection).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

from reenactor_plugins.networks.sampling import inverted, sampled

TEMPLATE = ((0.382, 0.426), (0.618, 0.426), (0.5, 0.560), (0.402, 0.698), (0.598, 0.698))
"""Anchors in a crop of side 1: the usual alignment of face recognition at 3/4 of its scale, so that
hair, ears and chin are visible as in VGGFace2's pictures."""

SEEN = 0.3
"""Minimum mean confidence of the anchors for a face."""
SMALLEST = 6.0
"""Minimum distance between the eyes in pixels."""


@dataclass(frozen=True)
class Alignment:
    """The faces of T pictures.

    `to_picture` maps crop coordinates to the picture's; it is an arbitrary invertible map where
    `seen` is false.
    """

    to_picture: Float[Tensor, "T 2 3"]
    seen: Bool[Tensor, " T"]
    crop: int


def align(face: Float[Tensor, "T 70 3"], crop: int) -> Alignment:
    """Compute the crop of each face.

    Args:
        face: 68 points and two pupils, in pixels with confidence.
        crop: the crop's side in pixels.
    """
    points = anchors(face.double())
    template = points.new_tensor(TEMPLATE) * crop - 0.5
    seen = points[..., 2].mean(1) >= SEEN
    points = torch.where(seen[:, None, None], points, F.pad(template, (0, 1), value=1.0))
    matrix = similarity(template.expand(len(face), -1, -1), points[..., :2], points[..., 2])
    scale = matrix[:, :, 0].norm(dim=1)
    eyes = (TEMPLATE[1][0] - TEMPLATE[0][0]) * crop * scale
    seen = seen & (eyes >= SMALLEST)
    still = torch.eye(2, 3, dtype=matrix.dtype, device=matrix.device)
    return Alignment(torch.where(seen[:, None, None], matrix, still).float(), seen, crop)


def anchors(face: Float[Tensor, "T 70 3"]) -> Float[Tensor, "T 5 3"]:
    """Anchors: the person's right eye (left in the picture), left eye, nose tip, mouth corners.

    An anchor has the lowest confidence of its points; with a missing point it is 0, 0, 0.
    """

    def anchor(points: Tensor) -> Tensor:
        confidence = points[..., 2:].amin(1)
        middle = torch.cat([points[..., :2].mean(1), confidence], -1)
        return torch.where(confidence > 0, middle, 0.0)

    parts = (slice(36, 42), slice(42, 48), slice(30, 31), slice(48, 49), slice(54, 55))
    return torch.stack([anchor(face[:, part]) for part in parts], 1)


def between_eyes(face: Float[Tensor, "1 70 3"]) -> float:
    """Distance between the eyes in pixels; 0 if `align` finds no face.

    Like `align`, it uses all five anchors, not only the eyes.
    """
    points = anchors(face.double())
    if float(points[..., 2].mean()) < SEEN:
        return 0.0
    matrix = similarity(points.new_tensor(TEMPLATE)[None], points[..., :2], points[..., 2])
    return (TEMPLATE[1][0] - TEMPLATE[0][0]) * float(matrix[0, :, 0].norm())


def similarity(
    a: Float[Tensor, "T N 2"], b: Float[Tensor, "T N 2"], weight: Float[Tensor, "T N"]
) -> Float[Tensor, "T 2 3"]:
    """The weighted least-squares similarity from a to b.

    With points as complex numbers relative to their weighted means, b = s a and
    s = sum(w conj(a) b) / sum(w |a|^2).
    """
    w = weight / weight.sum(1, keepdim=True).clamp(min=1e-9)
    mean_a = torch.einsum("tn,tni->ti", w, a)
    mean_b = torch.einsum("tn,tni->ti", w, b)
    (ax, ay), (bx, by) = (a - mean_a[:, None]).unbind(-1), (b - mean_b[:, None]).unbind(-1)
    spread = (w * (ax**2 + ay**2)).sum(1).clamp(min=1e-9)
    real = (w * (ax * bx + ay * by)).sum(1) / spread
    imaginary = (w * (ax * by - ay * bx)).sum(1) / spread
    linear = torch.stack([real, -imaginary, imaginary, real], -1).view(-1, 2, 2)
    shift = mean_b - torch.einsum("tij,tj->ti", linear, mean_a)
    return torch.cat([linear, shift[..., None]], -1)


def faces_of(pictures: Float[Tensor, "T 3 H W"], where: Alignment) -> Float[Tensor, "T 3 S S"]:
    """The aligned crops; undefined where no face is visible."""
    return sampled(pictures, where.to_picture, (where.crop, where.crop))


def face_of_photo(photo: Float[Tensor, "1 3 H W"], where: Alignment) -> Float[Tensor, "1 3 S S"]:
    """The aligned crop of a full-size photo, averaged if the crop is coarser."""
    shrink = max(1, int(where.to_picture[0, :, 0].norm()))
    if shrink == 1:
        return faces_of(photo, where)
    small = F.avg_pool2d(photo, shrink, ceil_mode=True, count_include_pad=False)
    matrix = where.to_picture.clone()
    # A pixel of the small photo is the mean of shrink x shrink pixels around its centre.
    matrix[:, :, 2] -= (shrink - 1) / 2
    return faces_of(small, Alignment(matrix / shrink, where.seen, where.crop))


def pasted(
    frames: Float[Tensor, "T 3 H W"],
    crop: Float[Tensor, "T 3 S S"],
    mask: Float[Tensor, "T 1 S S"],
    where: Alignment,
) -> Float[Tensor, "T 3 H W"]:
    """f = m * c + (1 - m) * f^0 inside the face's crop; frames without a face are unchanged.

    The frame is not resampled. The mask fades out at the crop's border, which stays invisible.
    """
    height, width = frames.shape[2:]
    to_crop = inverted(where.to_picture)
    faded = mask * _fade(where.crop, mask)
    placed = sampled(
        torch.cat([crop * faded, faded], 1), to_crop, (height, width), repeat_edges=False
    )
    blended = frames * (1 - placed[:, 3:]) + placed[:, :3]
    return torch.where(where.seen[:, None, None, None], blended, frames)


def _fade(size: int, like: Tensor) -> Float[Tensor, "S S"]:
    """1 inside, falling to 0 over 1/16 of the side."""
    position = torch.arange(size, dtype=like.dtype, device=like.device) + 0.5
    edge = torch.minimum(position, size - position)
    ramp = (edge / (size / 16)).clamp(max=1)
    return ramp[:, None] * ramp
