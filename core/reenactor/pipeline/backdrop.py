"""The background of every frame, b of Eq. 7, at full size."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, final

import cv2
import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.media.background import Background
from reenactor.media.video import VideoFrame, VideoInfo, read_frames
from reenactor.ops.silhouette import disc, hole
from reenactor.pipeline.removal import Removal
from reenactor.pipeline.target import Portrait
from reenactor.progress import Progress
from reenactor.roles import Footage, HeldFootage, Inpainter
from reenactor.roles.footage import evenly
from reenactor.values import Clip, Frames

Picture = npt.NDArray[np.uint8]


class Backdrop(ABC):
    """The background of each frame."""

    needs_driver = False

    @abstractmethod
    def picture(self, index: int, frame: VideoFrame | None) -> Picture | None:
        """The background of frame `index`, RGB at full size; None is transparent.

        `frame` is the driver's frame if `needs_driver` is true.
        """

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Close open files."""


class TransparentBackdrop(Backdrop):
    def picture(self, index: int, frame: VideoFrame | None) -> None:
        del index, frame


class StillBackdrop(Backdrop):
    """One picture for all frames, such as the surroundings in the target's photo."""

    def __init__(self, pixels: Picture) -> None:
        self.pixels = pixels

    def picture(self, index: int, frame: VideoFrame | None) -> Picture:
        del index, frame
        return self.pixels


class FileBackdrop(Backdrop):
    """A colour, picture, folder of pictures or video that the spec names."""

    def __init__(self, background: Background, clip: Clip) -> None:
        self.background = background
        self.seconds = clip.seconds.tolist()

    def picture(self, index: int, frame: VideoFrame | None) -> Picture:
        del frame
        return self.background.at(index, self.seconds[index])

    def close(self) -> None:
        self.background.close()


class DriverBackdrop(Backdrop):
    """The driver's frames as they are, for a spec without an inpainter."""

    needs_driver = True

    def picture(self, index: int, frame: VideoFrame | None) -> Picture:
        del index
        return _pixels(frame)


class InpaintedBackdrop(Backdrop):
    """The driver's frames with the dancer painted out (figure 9c of the paper: shadows stay).

    Where the dancer was not tracked, everybody who may be the dancer is painted out.
    """

    needs_driver = True

    def __init__(
        self,
        video: VideoInfo,
        removal: Removal,
        inpainter: Inpainter[Any, Any],
        progress: Progress,
    ) -> None:
        self.removal = removal
        self.inpainter = inpainter
        self.name = video.name
        self.prepared = inpainter.prepare(VideoFootage(video, removal, progress))

    def picture(self, index: int, frame: VideoFrame | None) -> Picture:
        pixels, mask = _pixels(frame), self.removal.hole(index)
        if not mask.any():
            return pixels
        frames = Frames(torch.from_numpy(pixels)[None], (index,), self.name)
        holes = self.inpainter.grown(self.prepared, frames, torch.from_numpy(mask)[None])
        filled = self.inpainter.inpaint(self.prepared, frames, holes)
        picture: Picture = filled.pixels[0].numpy()
        return picture


@final
class VideoFootage(Footage):
    """The driver's frames, with what is painted out of each."""

    def __init__(self, video: VideoInfo, removal: Removal, progress: Progress) -> None:
        self.size = video.size
        self.shots = removal.motion.clip.shots
        self._video, self._removal, self._progress = video, removal, progress

    def read(self, indices: Sequence[int]) -> Iterator[tuple[Frames, Bool[Tensor, "1 H W"]]]:
        wanted = sorted(set(indices))
        with self._progress.stage("preparing the background", len(wanted)) as advance:
            for frame in read_frames(self._video, wanted, self._progress.note):
                hole = torch.from_numpy(self._removal.hole(frame.index))[None]
                pixels = torch.from_numpy(frame.pixels)[None]
                yield Frames(pixels, (frame.index,), self._video.name), hole
                advance(1)

    def spread(self, shot: slice, count: int) -> tuple[int, ...]:
        """Frames spread over a shot, each moved to a nearby key frame, the fastest to read."""
        entries = [entry for entry, _ in self._video.entries if shot.start <= entry < shot.stop]
        step = (shot.stop - shot.start) / count
        wanted = set()
        for place in evenly(shot, count):
            nearest = min(entries, key=lambda entry: abs(entry - place), default=place)
            wanted.add(nearest if abs(nearest - place) <= step / 2 else place)
        return tuple(sorted(wanted))


def _pixels(frame: VideoFrame | None) -> Picture:
    if frame is None:
        raise ValueError("this backdrop needs the driver's frames")
    return frame.pixels


def photo_backdrop(
    portrait: Portrait, inpainter: Inpainter[Any, Any] | None, size: tuple[int, int]
) -> Picture:
    """The photo at `size` (height, width), with the person painted out if there is an inpainter."""
    photo = portrait.photo
    pixels: Picture = photo.pixels[0].numpy()
    if inpainter is not None:
        holes = torch.from_numpy(_person(portrait))[None]
        prepared = inpainter.prepare(HeldFootage(photo, holes))
        pixels = inpainter.inpaint(prepared, photo, holes).pixels[0].numpy()
    return cv2.resize(pixels, (size[1], size[0]), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]  # OpenCV's stubs lose the dtype


def _person(portrait: Portrait) -> npt.NDArray[np.bool_]:
    """Mask of the photo's person and what they carry, with a margin."""
    size = portrait.photo.size
    seen = hole(size, portrait.skeleton, portrait.mask, portrait.mask_box)
    radius = max(2, round(0.012 * max(size)))
    labelled = (portrait.parsing.labels[0].numpy() > 0).astype(np.uint8)
    out: npt.NDArray[np.bool_] = seen | (cv2.dilate(labelled, disc(radius)) > 0)
    return out
