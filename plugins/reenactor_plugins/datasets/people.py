"""Extracts the people of one picture from a label map and an instance map."""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float, Shaped, UInt8

from reenactor.errors import InputError
from reenactor.labels import Label
from reenactor.values import Parsing

KNOWN = Label.RIGHT_SHOE
"""The last class of CIHP and VIP, which have the classes of `reenactor.labels` except hands."""

Person = tuple[int, Float[torch.Tensor, "1 4"], Parsing]
"""Number, box (x0, y0, x1, y1 in pixels) and labels of a person."""


def people_in(
    labels: UInt8[np.ndarray, "H W"], humans: UInt8[np.ndarray, "H W"], smallest: int
) -> Iterator[Person]:
    """Each person of at least the given height in pixels, with only their own labels.

    Raises:
        InputError: a label is invalid, or no person is tall enough.
    """
    if labels.max(initial=0) > KNOWN:
        raise InputError(
            "invalid labels for CIHP's classes",
            given=f"up to {labels.max()}",
            expected=f"0 to {int(KNOWN)}",
        )
    people = [found for number in _numbers(humans) if (found := _one(labels, humans, number))]
    tall = [one for one in people if float(one[1][0, 3] - one[1][0, 1]) + 1 >= smallest]
    if not tall:
        raise InputError(f"no person is at least {smallest} pixels tall")
    yield from tall


def _numbers(humans: UInt8[np.ndarray, "H W"]) -> list[int]:
    return [int(number) for number in np.unique(humans) if number > 0]


def _one(
    labels: UInt8[np.ndarray, "H W"], humans: UInt8[np.ndarray, "H W"], number: int
) -> Person | None:
    """One person; None if no pixel is labelled."""
    own = np.where(humans == number, labels, 0).astype(np.uint8)
    box = box_of(own)
    return None if box is None else (number, box, Parsing(torch.from_numpy(own)[None]))


def box_of(labels: Shaped[np.ndarray, "H W"]) -> Float[torch.Tensor, "1 4"] | None:
    """x0, y0, x1, y1 around all nonzero pixels; None if there are none."""
    rows, columns = np.flatnonzero(labels.any(1)), np.flatnonzero(labels.any(0))
    if len(rows) == 0:
        return None
    edges = [columns[0], rows[0], columns[-1], rows[-1]]
    return torch.tensor([edges], dtype=torch.float32)
