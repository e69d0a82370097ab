"""A sheet to look at before anything is trained: some examples and what was found in them."""

import numpy as np
import numpy.typing as npt

from reenactor.ops import drawing
from reenactor.training.example import Example
from reenactor.training.shards import Shards

HEIGHT = 256


def sheet_of(shards: Shards, count: int = 24, columns: int = 3) -> npt.NDArray[np.uint8]:
    """Examples spread over the material: picture, parsing, stick figure, dense pose.

    Raises:
        ValueError: there are no examples.
    """
    wanted = sorted({round(i * (len(shards) - 1) / max(count - 1, 1)) for i in range(count)})
    examples = [shards[index] for index in wanted] if len(shards) else []
    pictures = [_row(example) for example in examples]
    captions = [example.entry.name for example in examples]
    return drawing.contact_sheet(pictures, captions, HEIGHT, columns)


def _row(example: Example) -> npt.NDArray[np.uint8]:
    pictures = [
        example.image[0].numpy(),
        drawing.picture_of(drawing.parsing_picture(example.parsing)),
        drawing.picture_of(drawing.stick_figure(example.skeleton, example.canvas)),
    ]
    if example.dense is not None:
        pictures.append(drawing.picture_of(drawing.dense_picture(example.dense)))
    if example.background is not None:
        pictures.append(example.background[0].numpy())
    return drawing.beside(pictures, HEIGHT)
