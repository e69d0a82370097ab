"""A parser that reads label files."""

from pathlib import Path
from typing import final

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.errors import InputError
from reenactor.roles import Parser
from reenactor.runtime import Runtime
from reenactor.values import Frames, Parsing, Skeleton
from reenactor_plugins.parser.parsing_files.classes import (
    UNKNOWN,
    classes_of_colours,
    labels_of_classes,
)
from reenactor_plugins.parser.parsing_files.options import ParsingFilesOptions
from reenactor_plugins.prepared_files.folder import PreparedFolder
from reenactor_plugins.prepared_files.picture import cut_like, read_exact


@final
class ParsingFiles(Parser[ParsingFilesOptions]):
    """Reads labels from PNG files; a frame without a file is background.

    The files should label one person only, since they do not contain identities.
    """

    def __init__(self, options: ParsingFilesOptions, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
        self._files = PreparedFolder(options.folder, ".png")

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        del skeleton  # files do not need the skeleton
        labels = torch.zeros(len(frames), *frames.size, dtype=torch.uint8)
        count = None if frames.extent is None else frames.extent.frames
        for t, index in enumerate(frames.index):
            path = self._files.file(frames.name, index, count)
            if path is not None:
                part = cut_like(self._read(path)[:, :, None], frames, t)
                labels[t] = torch.from_numpy(part[:, :, 0])
        return Parsing(labels)

    def _read(self, path: Path) -> UInt8[np.ndarray, "H W"]:
        """Read the labels of a file.

        Raises:
            InputError: it contains an unknown number or colour.
        """
        picture = read_exact(path)
        grey = picture.shape[2] == 1
        numbers = picture[:, :, 0] if grey else classes_of_colours(picture)
        labels = labels_of_classes(numbers, self.options.classes)
        wrong = labels == UNKNOWN
        if wrong.any():
            y, x = (int(place[0]) for place in np.nonzero(wrong))
            raise InputError(
                f"{path.name} contains an unknown class of {self.options.classes}",
                given=f"{path}, {picture[y, x].tolist()} at x {x}, y {y}",
                expected="class numbers in a grey or palette PNG, or the colours of LIP's palette",
                advice="set the option `classes` to the dataset whose numbers the file uses",
            )
        return labels
