"""Draws key points, parsings and dense poses.

`stick_figure` is also an input of networks: changing it requires training them again.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from reenactor.joints import BODY_BONES, FACE_PARTS, HAND_BONES
from reenactor.labels import PALETTE
from reenactor.values import Dense, Parsing, Skeleton

Picture = npt.NDArray[np.uint8]
"""An 8-bit picture, `(H, W, 3)` in RGB."""

Colour = tuple[int, int, int]

SEEN = 0.01
"""The minimum confidence for drawing key points of body and hands."""

FACE_SEEN = 0.1
"""The minimum confidence for the face; some points of a face turned away are guesses."""

JOINT_COLOURS: tuple[Colour, ...] = (
    (255, 0, 85),
    (255, 0, 0),
    (255, 85, 0), (255, 170, 0), (255, 255, 0),
    (170, 255, 0), (85, 255, 0), (0, 255, 0),
    (255, 0, 0),
    (0, 255, 85), (0, 255, 170), (0, 255, 255),
    (0, 170, 255), (0, 85, 255), (0, 0, 255),
    (255, 0, 170), (170, 0, 255), (255, 0, 255), (85, 0, 255),
    (0, 0, 255), (0, 0, 255), (0, 0, 255),
    (0, 255, 255), (0, 255, 255), (0, 255, 255),
)  # fmt: skip
"""OpenPose's colours of the 25 joints; a bone has the colour of its outer end."""

FINGER_COLOURS: tuple[Colour, ...] = (
    (204, 0, 0),
    (163, 204, 0),
    (0, 204, 82),
    (0, 82, 204),
    (163, 0, 204),
)
"""Thumb to little finger, the same for both hands."""

FACE_COLOUR: Colour = (255, 255, 255)

FRACTION_BITS = 4
"""Fractional bits of coordinates, so that slow motion is drawn smoothly."""

FARTHEST = 2**14
"""Points farther out, in pixels, are clipped: OpenCV uses 32-bit coordinates."""

CAPTION = 20
"""Height in pixels of the caption above a thumbnail."""

GAP = 6
"""Spacing in pixels between the thumbnails of a sheet."""

Line = tuple[Shaped[np.ndarray, "2 3"], float, Colour, int]
"""Two key points, the confidence they need, and the line's colour and width."""


def stick_figure(
    skeleton: Skeleton, size: tuple[int, int], *, hands: bool = True, face: bool = True
) -> Float[Tensor, "T 3 H W"]:
    """The skeleton as coloured lines on black, in [0, 1] (the stick figures that P2B sees).

    The rule, for a picture of height H: bones of the body in `JOINT_COLOURS`, max(1, H // 150)
    pixels wide; then hands in `FINGER_COLOURS`, max(1, H // 450) wide; then the outlines of the
    face, white, one pixel wide. A line is drawn if both ends have a confidence of at least 0.01
    (0.1 in the face). Lines are antialiased, which softens them by about a pixel on each side, and
    placed with a precision of 1/16 pixel.

    Args:
        skeleton: T people in pixels of the picture.
        size: height and width of the picture.
        hands: whether to draw the hands.
        face: whether to draw the face.
    """
    drawn = np.zeros((len(skeleton), *size, 3), np.uint8)
    for t in range(len(skeleton)):
        one = skeleton[t : t + 1]
        lines = [*_body_lines(one, size[0])]
        lines += _hand_lines(one, size[0]) if hands else []
        lines += _face_lines(one) if face else []
        for line in lines:
            _draw(drawn[t], *line)
    return torch.from_numpy(drawn).permute(0, 3, 1, 2).float().div_(255)


def _body_lines(skeleton: Skeleton, height: int) -> Iterator[Line]:
    body = skeleton.body[0].numpy()
    for start, end in BODY_BONES:
        yield body[[start, end]], SEEN, JOINT_COLOURS[end], max(1, height // 150)


def _hand_lines(skeleton: Skeleton, height: int) -> Iterator[Line]:
    for hand in skeleton.hands[0].numpy():
        for number, bone in enumerate(HAND_BONES):
            yield hand[list(bone)], SEEN, FINGER_COLOURS[number // 4], max(1, height // 450)


def _face_lines(skeleton: Skeleton) -> Iterator[Line]:
    face = skeleton.face[0].numpy()
    for part in FACE_PARTS.values():
        for pair in pairwise(part):
            yield face[list(pair)], FACE_SEEN, FACE_COLOUR, 1


def _draw(
    picture: Picture,
    ends: Shaped[np.ndarray, "2 3"],
    least: float,
    colour: Colour,
    width: int,
) -> None:
    if ends[:, 2].min() < least:
        return
    fixed = np.round(ends[:, :2].clip(-FARTHEST, FARTHEST) * 2**FRACTION_BITS).astype(int)
    start, end = ((int(x), int(y)) for x, y in fixed)
    cv2.line(picture, start, end, colour, width, cv2.LINE_AA, FRACTION_BITS)


def parsing_picture(parsing: Parsing) -> Float[Tensor, "T 3 H W"]:
    """Each class in its palette colour, in [0, 1]."""
    table = torch.tensor(PALETTE, dtype=torch.float32) / 255
    return table[parsing.labels.long()].permute(0, 3, 1, 2)


def dense_picture(dense: Dense) -> Float[Tensor, "T 3 H W"]:
    """Parts in 24 colours, with dark lines at every fifth of U and V, in [0, 1].

    For display only: the input of networks is `Dense.image`.
    """
    table = torch.from_numpy(_part_colours()).float() / 255
    colours = table[dense.part.long()].permute(0, 3, 1, 2)
    fifth = (dense.uv * 5).floor()
    edge = torch.zeros_like(dense.part, dtype=torch.bool)
    for axis in (1, 2):
        steps = (fifth.diff(dim=axis + 1) != 0).any(1) & (dense.part.diff(dim=axis) == 0)
        shape = list(edge.shape)
        shape[axis] = 1
        edge |= torch.cat([steps, torch.zeros(shape, dtype=torch.bool)], axis)
    return torch.where((edge & (dense.part > 0))[:, None], 0.35 * colours, colours)


def _part_colours() -> npt.NDArray[np.uint8]:
    """Colours of the parts: black background, and distant hues for neighbouring numbers."""
    hue = (np.arange(24) * 11 % 24 * 7.5).astype(np.uint8)
    bright = np.where(np.arange(24) % 2, 255, 190).astype(np.uint8)
    hsv = np.stack([hue, np.full(24, 200, np.uint8), bright], -1)[None]
    colours = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)[0]
    return np.concatenate([np.zeros((1, 3), np.uint8), colours])


def picture_of(images: Float[Tensor, "T 3 H W"], index: int = 0) -> Picture:
    """Convert one of the images in [0, 1] to an 8-bit picture."""
    pixels = (images[index].clamp(0, 1) * 255).round().to(torch.uint8)
    return np.ascontiguousarray(pixels.permute(1, 2, 0).cpu().numpy())


def beside(pictures: Sequence[Picture], height: int) -> Picture:
    """Pictures side by side, each scaled to that height."""
    return np.hstack([_scaled(picture, height) for picture in pictures])


def contact_sheet(
    pictures: Sequence[Picture], captions: Sequence[str], height: int = 260, columns: int = 6
) -> Picture:
    """A grid of thumbnails of that height on white, row by row, with captions above.

    Long captions are cut.

    Raises:
        ValueError: there are no pictures, or the number of captions differs.
    """
    if not pictures or len(pictures) != len(captions):
        raise ValueError(f"{len(pictures)} pictures and {len(captions)} captions")
    thumbnails = [_scaled(picture, height) for picture in pictures]
    width = max(thumbnail.shape[1] for thumbnail in thumbnails)
    columns = min(columns, len(pictures))
    cell = height + CAPTION + GAP, width + GAP
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * cell[0] + GAP, columns * cell[1] + GAP, 3), 255, np.uint8)
    for number, (thumbnail, caption) in enumerate(zip(thumbnails, captions, strict=True)):
        top = GAP + number // columns * cell[0]
        left = GAP + number % columns * cell[1]
        _write(sheet[top : top + CAPTION, left : left + width], caption)
        place = sheet[top + CAPTION : top + CAPTION + height, left : left + width]
        place[:, : thumbnail.shape[1]] = thumbnail
    return sheet


def _scaled(picture: Picture, height: int) -> Picture:
    width = max(1, round(picture.shape[1] * height / picture.shape[0]))
    shrinks = height < picture.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def _write(strip: Picture, text: str) -> None:
    """Draw a line of text into a strip of a picture; cut what does not fit."""
    label = np.ascontiguousarray(strip)
    place = 1, CAPTION - 6
    cv2.putText(label, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    strip[:] = label
