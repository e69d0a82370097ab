"""Encoders of a segment: one video file, or a folder of PNG files."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream
from jaxtyping import UInt8

from reenactor.media.colour import SCALING
from reenactor.media.files import flush_to_disk
from reenactor.media.formats import Format, encoded_size, encoding_of
from reenactor.media.photo import as_png

FIRST_TIME = "reenactor_first_time"
"""The metadata key for the time of a segment's first frame, in the format's unit."""

BITEXACT = {"fflags": "+bitexact"}
"""No version, date or random identifier in a file."""

KEEP_KEYS = "+use_metadata_tags"
"""The `movflags` for MP4 and MOV: keep metadata with any key, not only those of iTunes."""


class FileEncoder:
    """Writes frames to one video file, in BT.709 with limited range.

    Times in the file start at 0, so that they are exact in every container; the first frame's
    time is stored as metadata.
    """

    def __init__(
        self,
        path: Path,
        kind: Format,
        size: tuple[int, int],
        time_base: Fraction,
        fps: Fraction,
        alpha: bool,
    ) -> None:
        self._encoding = encoding_of(kind, alpha)
        self._size = encoded_size(kind, size)
        self._time_base = time_base
        self._unit = kind.time_base(time_base)
        self._first = 0
        self._started = False
        self._closed = False
        self._convert = VideoReformatter()
        options = dict(BITEXACT)
        if kind is not Format.WEBM:
            unit = str(self._unit.denominator)
            options |= {"video_track_timescale": unit, "movie_timescale": unit}
            options["movflags"] = KEEP_KEYS
        self._file = av.open(str(path.absolute()), "w", format=kind.value, options=options)
        self._stream = self._video(fps)

    def _video(self, fps: Fraction) -> VideoStream:
        stream = self._file.add_stream(
            self._encoding.codec, rate=fps, options=dict(self._encoding.options)
        )
        if not isinstance(stream, VideoStream):
            raise TypeError(f"{self._encoding.codec} is not a video encoder")
        context = stream.codec_context
        context.height, context.width = self._size
        context.pix_fmt = self._encoding.layout
        context.time_base = self._unit
        context.thread_count = self._encoding.threads
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream

    def add(self, pixels: UInt8[np.ndarray, "H W C"], time: int) -> None:
        """Encode a frame; `time` is in units of the constructor's `time_base`."""
        ticks = in_units(time * self._time_base, self._unit)
        if not self._started:
            self._started = True
            self._first = ticks
            self._file.metadata[FIRST_TIME] = str(ticks)
        frame = self._converted(pixels)
        frame.pts = ticks - self._first
        frame.time_base = self._unit
        self._file.mux(self._stream.encode(frame))

    def _converted(self, pixels: UInt8[np.ndarray, "H W C"]) -> av.VideoFrame:
        height, width = self._size
        rows, columns = height - pixels.shape[0], width - pixels.shape[1]
        if rows or columns:
            pixels = np.pad(pixels, ((0, rows), (0, columns), (0, 0)), "edge")
        layout = "rgba" if pixels.shape[2] == 4 else "rgb24"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=layout)
        converted = self._convert.reformat(
            frame,
            format=self._encoding.layout,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=SCALING,
            threads=1,
        )
        converted.color_primaries = ColorPrimaries.BT709
        converted.color_trc = ColorTrc.BT709
        return converted

    def finish(self) -> None:
        """Flush the encoder and write the file's index."""
        self._file.mux(self._stream.encode(None))
        self._closed = True
        self._file.close()

    def close(self) -> None:
        """Close the file, even if it is incomplete."""
        if not self._closed:
            self._closed = True
            self._file.close()


class FolderEncoder:
    """Writes frames as PNG files `000000.png`, ... to a new folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        folder.mkdir()

    def add(self, pixels: UInt8[np.ndarray, "H W C"], time: int) -> None:
        """Write a frame; its time is not stored."""
        del time
        path = self._folder / f"{self._count:06d}.png"
        path.write_bytes(as_png(pixels))
        flush_to_disk(path)
        self._count += 1

    def finish(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Nothing is open."""


def in_units(seconds: Fraction, unit: Fraction) -> int:
    """A time in whole units, halves rounded up."""
    return int((seconds / unit + Fraction(1, 2)).__floor__())
