"""Videos of one person each; key points and labels are predicted."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

import torch

from reenactor.errors import InputError
from reenactor.media.video import VideoFrame, VideoInfo, probe, read_video
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor.values import Frames
from reenactor_plugins.datasets.reading import VIDEOS, files_in, names_of
from reenactor_plugins.datasets.videos.options import VideosOptions


@final
class Videos(Dataset[VideosOptions]):
    """Frames of videos, named by file and frame: `dance/000012`.

    The largest person of each frame is assumed to be the same throughout a video.
    """

    def __init__(self, options: VideosOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        paths, folder = _found(options.folder)
        self._notes: list[str] = []
        probed = (probe(path, self._notes.append) for path in paths)
        videos = zip(names_of(paths, folder), probed, strict=True)
        self._items = [
            (name, info, frame)
            for name, info in videos
            for frame in range(0, info.frames, options.stride)
        ]
        self._reader = _Reader()

    def names(self) -> Sequence[str]:
        return [f"{name}/{frame:06d}" for name, _, frame in self._items]

    def notes(self) -> Sequence[str]:
        return self._notes

    def shots(self, index: int) -> Sequence[Shot]:
        name, info, number = self._items[index]
        pixels = torch.from_numpy(self._reader.read(info, number).pixels)[None]
        frames = Frames(pixels, (number,), info.name)
        return [Shot(frames, person=name, source=name, frame=number)]


class _Reader:
    """Keeps its position, so that each frame is decoded once when read in order."""

    def __init__(self) -> None:
        self._info: VideoInfo | None = None
        self._next = 0
        self._frames: Iterator[VideoFrame] = iter(())

    def read(self, info: VideoInfo, number: int) -> VideoFrame:
        if info is not self._info or number < self._next:
            self._frames = read_video(info, number)
            self._info, self._next = info, number
        for frame in self._frames:
            self._next = frame.index + 1
            if frame.index == number:
                return frame
        raise InputError(f"frame {number} of {info.path} cannot be read")


def _found(path: Path) -> tuple[list[Path], Path]:
    """The videos, and the folder that their names are relative to."""
    if path.is_file():
        return [path], path.parent
    if not path.is_dir():
        raise InputError(
            f"the video or folder {path} does not exist",
            given=str(path),
            advice="name one: --set folder=FOLDER",
        )
    paths = files_in(path, VIDEOS)
    if not paths:
        expected = f"files with the endings {', '.join(sorted(VIDEOS))}"
        raise InputError("the folder has no videos", given=str(path), expected=expected)
    return paths, path
