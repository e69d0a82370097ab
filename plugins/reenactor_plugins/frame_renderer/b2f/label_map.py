"""B2F's label map: the 22 classes of P^M and five face labels."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.values import Parsing
from reenactor_plugins.frame_renderer.b2f.face_labels import NUM_CHANNELS, with_face_labels
from reenactor_plugins.networks.hands import without_hands


def numbered(
    body: Parsing, face: Float[Tensor, "T 70 3"], hands: bool, face_labels: bool
) -> UInt8[Tensor, "T H W"]:
    """The class of each pixel, 0 .. 26."""
    labels = (body if hands else without_hands(body)).labels
    return with_face_labels(labels, face) if face_labels else labels


def one_hot(
    labels: UInt8[Tensor, "T H W"], dtype: torch.dtype = torch.float32
) -> Float[Tensor, "T 27 H W"]:
    """One-hot encode, with channels last in memory."""
    classes = torch.arange(NUM_CHANNELS, dtype=torch.uint8, device=labels.device)
    return (labels[..., None] == classes).to(dtype).permute(0, 3, 1, 2)
