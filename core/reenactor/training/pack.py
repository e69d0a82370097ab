"""An example as the files of a shard, and back.

`image.jpg` and `background.jpg` are JPEG at quality 95 without chroma subsampling: a third of a
PNG's size and twice as quick to read, and photos have been through a JPEG before. What must be
exact is PNG: `parsing.png` in the palette of `reenactor.labels`, and `dense.png` in DensePose's
own convention (I in the blue channel, U in the green and V in the red one, U and V times 255).
`meta.json` holds the rest; coordinates are rounded to a thousandth of a pixel.
"""

import io
import json
from dataclasses import dataclass
from typing import Annotated, Any

import cv2
import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image
from pydantic import AllowInfNan, Field, TypeAdapter
from torch import Tensor

from reenactor.labels import NUM_LABELS, PALETTE
from reenactor.media.photo import opened_picture
from reenactor.training.example import Example, ExampleInfo
from reenactor.values import Dense, Parsing, Skeleton

QUALITY = 95
_JPEG = (
    cv2.IMWRITE_JPEG_QUALITY,
    QUALITY,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)
_DENSE_PARTS = 24
_DECIMALS = 3
_WORLD_DECIMALS = 4

IMAGE, PARSING, DENSE, BACKGROUND, META = (
    "image.jpg",
    "parsing.png",
    "dense.png",
    "background.jpg",
    "meta.json",
)


class InvalidExampleError(ValueError):
    """Files that are no example."""


_Number = Annotated[float, AllowInfNan(False)]
_Point = tuple[_Number, _Number, _Number]
_Body = Annotated[list[_Point], Field(min_length=25, max_length=25)]
_Hand = Annotated[list[_Point], Field(min_length=21, max_length=21)]


@dataclass(frozen=True)
class _Points:
    """Key points as `meta.json` has them; see `Skeleton`."""

    body: _Body
    hands: tuple[_Hand, _Hand]
    face: Annotated[list[_Point], Field(min_length=70, max_length=70)]
    world: _Body | None


@dataclass(frozen=True)
class _Meta:
    """What is read of `meta.json`."""

    entry: ExampleInfo
    face_box: tuple[_Number, _Number, _Number, _Number] | None
    skeleton: _Points


_META = TypeAdapter(_Meta)


def packed(example: Example) -> dict[str, bytes]:
    """The files of an example, by name, in the order in which they are written."""
    files = {
        IMAGE: _jpeg(example.image[0]),
        PARSING: _parsing_png(example.parsing.labels[0].numpy()),
    }
    if example.dense is not None:
        files[DENSE] = _dense_png(example.dense)
    if example.background is not None:
        files[BACKGROUND] = _jpeg(example.background[0])
    files[META] = json.dumps(_meta(example), separators=(",", ":")).encode()
    return files


def unpacked(files: dict[str, bytes]) -> Example:
    """The reverse of `packed`.

    Raises:
        InvalidExampleError: a file is missing or damaged.
    """
    try:
        meta = _META.validate_json(files[META], strict=True)
        dense = files.get(DENSE)
        background = files.get(BACKGROUND)
        example = Example(
            entry=meta.entry,
            image=_picture(files[IMAGE]),
            parsing=Parsing(_labels(files[PARSING])),
            skeleton=_skeleton(meta.skeleton),
            dense=None if dense is None else _dense(dense),
            background=None if background is None else _picture(background),
            face_box=None if meta.face_box is None else torch.tensor([meta.face_box]),
        )
    except (KeyError, ValueError, SyntaxError, OSError, Image.DecompressionBombError) as error:
        raise InvalidExampleError(f"{type(error).__name__}: {error}") from error
    except cv2.error as error:
        raise InvalidExampleError(str(error)) from error
    sizes = {example.canvas, tuple(example.parsing.labels.shape[1:])}
    if example.dense is not None:
        sizes.add(tuple(example.dense.part.shape[1:]))
    if example.background is not None:
        sizes.add(tuple(example.background.shape[1:3]))
    if len(sizes) > 1:
        raise InvalidExampleError(f"its pictures are of different sizes: {sorted(sizes)}")
    return example


def _meta(example: Example) -> dict[str, Any]:
    skeleton, face_box = example.skeleton, example.face_box
    return {
        "entry": vars(example.entry),
        "dataset": example.entry.name.partition("/")[0],
        "canvas": list(example.canvas),
        "face_box": None if face_box is None else _numbers(face_box[0], _DECIMALS),
        "skeleton": {
            "body": _points(skeleton.body[0]),
            "hands": [_points(hand) for hand in skeleton.hands[0]],
            "face": _points(skeleton.face[0]),
            "world": None
            if skeleton.world is None
            else _numbers(skeleton.world[0], _WORLD_DECIMALS),
        },
    }


def _points(points: Tensor) -> Any:
    """Key points as plain numbers; those not seen are zeros."""
    return _numbers(torch.where(points[:, 2:] > 0, points, 0), _DECIMALS)


def _numbers(values: Tensor, decimals: int) -> Any:
    finite = values.double().nan_to_num(0, 0, 0)
    return (finite * 10**decimals).round().div(10**decimals).tolist()


def _skeleton(points: _Points) -> Skeleton:
    def one(values: Any) -> Tensor:
        return torch.tensor(values, dtype=torch.float32)[None]

    world = None if points.world is None else one(points.world)
    return Skeleton(one(points.body), one(points.hands), one(points.face), world)


def _jpeg(pixels: UInt8[Tensor, "H W 3"]) -> bytes:
    bgr = np.ascontiguousarray(pixels.numpy()[..., ::-1])
    return cv2.imencode(".jpg", bgr, _JPEG)[1].tobytes()


def _picture(data: bytes) -> UInt8[Tensor, "1 H W 3"]:
    return torch.from_numpy(cv2.cvtColor(_decoded(data), cv2.COLOR_BGR2RGB))[None]


def _decoded(data: bytes) -> np.ndarray:
    """Blue, green and red of a picture file."""
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise InvalidExampleError("a picture that cannot be read")
    return found


def _parsing_png(labels: UInt8[np.ndarray, "H W"]) -> bytes:
    picture = Image.fromarray(labels, "P")
    picture.putpalette([value for colour in PALETTE for value in colour])
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _labels(data: bytes) -> UInt8[Tensor, "1 H W"]:
    with opened_picture(data) as picture:
        if picture.mode != "P":
            raise InvalidExampleError("a parsing without a palette")
        labels = torch.from_numpy(np.array(picture))[None]
    if int(labels.max()) >= NUM_LABELS:
        raise InvalidExampleError(f"a parsing with the label {int(labels.max())}")
    return labels


def _dense_png(dense: Dense) -> bytes:
    uv = (dense.uv[0].clamp(0, 1) * 255).round().to(torch.uint8)
    bgr = torch.cat([dense.part[:1], uv]).permute(1, 2, 0).contiguous().numpy()
    return cv2.imencode(".png", bgr, (cv2.IMWRITE_PNG_COMPRESSION, 6))[1].tobytes()


def _dense(data: bytes) -> Dense:
    iuv = torch.from_numpy(_decoded(data)).permute(2, 0, 1)
    if int(iuv[0].max()) > _DENSE_PARTS:
        raise InvalidExampleError(f"dense poses with the part {int(iuv[0].max())}")
    return Dense(iuv[:1].contiguous(), (iuv[None, 1:].float() / 255).contiguous())
