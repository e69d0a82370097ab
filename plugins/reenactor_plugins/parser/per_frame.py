"""Parses frames one by one and draws hands over the labels."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, UInt8

from reenactor.ops.hand_labels import draw_hands
from reenactor.values import Frames, Parsing, Skeleton

LabelsOfOne = Callable[
    [
        UInt8[np.ndarray, "H W 3"],
        Float[np.ndarray, "25 3"],
        Float[np.ndarray, "70 3"],
    ],
    UInt8[np.ndarray, "H W"],
]
"""Maps a picture and the person's body and face points to labels."""


def parse_frames(frames: Frames, skeleton: Skeleton, labels_of_one: LabelsOfOne) -> Parsing:
    """Parse each frame and draw visible hands."""
    labels = [
        labels_of_one(picture, body, face)
        for picture, body, face in zip(
            frames.pixels.numpy(),
            skeleton.body.double().numpy(),
            skeleton.face.double().numpy(),
            strict=True,
        )
    ]
    stacked = torch.from_numpy(np.stack(labels)) if labels else frames.pixels[..., 0]
    return Parsing(draw_hands(stacked, skeleton.hands))
