"""The dense pose estimator `iuv-files`: reads DensePose's output."""

from pathlib import Path
from typing import final

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.errors import InputError
from reenactor.roles import DenseEstimator
from reenactor.runtime import Runtime
from reenactor.values import Dense, Frames, Skeleton
from reenactor_plugins.pose_estimator.iuv_files.options import IuvFilesOptions
from reenactor_plugins.prepared_files.folder import PreparedFolder
from reenactor_plugins.prepared_files.picture import cut_like, read_exact

PARTS = 24


@final
class IuvFiles(DenseEstimator[IuvFilesOptions]):
    """Reads dense poses from IUV pictures; a frame without a file is background.

    The files should show one person only, since they do not contain identities.
    """

    def __init__(self, options: IuvFilesOptions, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
        self._files = PreparedFolder(options.folder, ".png")

    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        del skeleton  # files do not need the skeleton
        part = torch.zeros(len(frames), *frames.size, dtype=torch.uint8)
        uv = torch.zeros(len(frames), 2, *frames.size)
        count = None if frames.extent is None else frames.extent.frames
        for t, index in enumerate(frames.index):
            path = self._files.file(frames.name, index, count)
            if path is None:
                continue
            iuv = torch.from_numpy(cut_like(self._read(path), frames, t))
            part[t] = iuv[:, :, 0]
            uv[t] = iuv[:, :, 1:].permute(2, 0, 1).float() / 255 * (part[t] > 0)
        return Dense(part, uv)

    def _read(self, path: Path) -> UInt8[np.ndarray, "H W 3"]:
        """Read I, U and V from a file.

        Raises:
            InputError: the file is not an IUV picture.
        """
        picture = read_exact(path)
        if picture.shape[2] == 3:
            iuv: np.ndarray = picture[:, :, ::-1] if self.options.part_in == "blue" else picture
            if iuv[:, :, 0].max(initial=0) <= PARTS:
                return iuv
        raise InputError(
            f"{path.name} is not an IUV picture",
            given=f"{path}, {self.options.part_in} channel up to "
            f"{picture.max((0, 1))[-1 if self.options.part_in == 'blue' else 0]}",
            expected=f"three channels, part numbers 0 to {PARTS} in the {self.options.part_in} one",
            advice="set the option `part_in`; parts must not be scaled to 0..255",
        )
