"""The background of every frame, b of Eq. 7, at full size."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch

from reenactor.media.background import Background
from reenactor.media.video import VideoFrame, VideoInfo, read_frames
from reenactor.ops.silhouette import disc, hole
from reenactor.pipeline.removal import Removal
from reenactor.pipeline.target import Portrait
from reenactor.progress import Progress
from reenactor.roles import Inpainter
from reenactor.values import Clip, Frames

Picture = npt.NDArray[np.uint8]

SAMPLES = 16
"""Frames, spread over the driver, that an inpainter is prepared with."""
SAMPLED = 3 << 28
"""Bytes that they may take in total, so fewer frames of an 8K video."""


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
        height, width = video.size
        count = max(2, min(SAMPLES, SAMPLED // (3 * height * width)))
        wanted = _spread(len(removal.motion), [entry for entry, _ in video.entries], count)
        pixels = np.empty((len(wanted), *video.size, 3), np.uint8)
        with progress.stage("preparing the background", len(wanted)) as advance:
            for at, frame in enumerate(read_frames(video, wanted, progress.note)):
                pixels[at] = frame.pixels
                advance(1)
        holes = torch.from_numpy(np.stack([removal.hole(index) for index in wanted]))
        samples = Frames(torch.from_numpy(pixels), tuple(wanted), video.name)
        self.prepared = inpainter.prepare(samples, holes)

    def picture(self, index: int, frame: VideoFrame | None) -> Picture:
        pixels, mask = _pixels(frame), self.removal.hole(index)
        if not mask.any():
            return pixels
        frames = Frames(torch.from_numpy(pixels)[None], (index,), self.name)
        filled = self.inpainter.inpaint(self.prepared, frames, torch.from_numpy(mask)[None])
        picture: Picture = filled.pixels[0].numpy()
        return picture


def _pixels(frame: VideoFrame | None) -> Picture:
    if frame is None:
        raise ValueError("this backdrop needs the driver's frames")
    return frame.pixels


def _spread(length: int, entries: Sequence[int], count: int) -> list[int]:
    """At most `count` frames spread over a clip, each moved to a nearby key frame, the fastest to
    read."""
    step = (length - 1) / (count - 1)
    wanted = set()
    for number in range(count):
        place = round(number * step)
        nearest = min(entries, key=lambda entry: abs(entry - place), default=place)
        wanted.add(nearest if abs(nearest - place) <= step / 2 else place)
    return sorted(wanted)


def photo_backdrop(
    portrait: Portrait, inpainter: Inpainter[Any, Any] | None, size: tuple[int, int]
) -> Picture:
    """The photo at `size` (height, width), with the person painted out if there is an inpainter."""
    photo = portrait.photo
    pixels: Picture = photo.pixels[0].numpy()
    if inpainter is not None:
        holes = torch.from_numpy(_person(portrait))[None]
        prepared = inpainter.prepare(photo, holes)
        pixels = inpainter.inpaint(prepared, photo, holes).pixels[0].numpy()
    return cv2.resize(pixels, (size[1], size[0]), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _person(portrait: Portrait) -> npt.NDArray[np.bool_]:
    """Mask of the photo's person and what they carry, with a margin."""
    size = portrait.photo.size
    seen = hole(size, portrait.skeleton, portrait.mask, portrait.mask_box)
    radius = max(2, round(0.012 * max(size)))
    labelled = (portrait.parsing.labels[0].numpy() > 0).astype(np.uint8)
    out: npt.NDArray[np.bool_] = seen | (cv2.dilate(labelled, disc(radius)) > 0)
    return out
