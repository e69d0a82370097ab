"""Segments: the pieces in which an output is encoded, each whole or absent."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from jaxtyping import UInt8

from reenactor.errors import OutputError
from reenactor.media.encode import FileEncoder, FolderEncoder
from reenactor.media.files import flush_to_disk, make_folder, output_error
from reenactor.media.formats import Format, encoded_bytes
from reenactor.media.outputs import remove


class SegmentWriter:
    """Encodes consecutive frames into a file of their own, independent of all others.

    The file (a folder for `Format.FRAMES`) appears under its name when complete and on the disk.
    Leaving the context by an error leaves nothing; a killed process leaves a `.part` file that
    the next writer of the same segment replaces. The same frames and settings give the same
    bytes. One process at a time may write a segment: hold a lock on the output.

    Raises:
        OutputError: it cannot be written, by any method.
    """

    def __init__(
        self,
        path: Path,
        kind: Format,
        size: tuple[int, int],
        time_base: Fraction,
        fps: Fraction,
        alpha: bool = False,
        output: Path | None = None,
    ) -> None:
        """Begin a segment of frames of `size` (height, width), at times in `time_base` seconds.

        `fps` is written into the file as the usual rate; the times are what counts. `output` is
        what the segment is a part of: errors name it too.
        """
        if alpha and not kind.holds_alpha:
            raise ValueError(f"{kind} holds no alpha")
        self.frames = 0
        self._path = path
        self._output = output
        self._part = path.with_name(f".{path.name}.part")
        self._kind = kind
        self._shape = (*size, 4 if alpha else 3)
        self._last: int | None = None
        self._open = True
        self._complete = False
        make_folder(path.parent)
        remove(self._part)
        try:
            if kind is Format.FRAMES:
                self._encoder: FileEncoder | FolderEncoder = FolderEncoder(self._part)
            else:
                self._encoder = FileEncoder(self._part, kind, size, time_base, fps, alpha)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error

    def write(self, pixels: UInt8[np.ndarray, "H W C"], time: int) -> None:
        """Add a frame: RGB, or RGBA with straight alpha if `alpha`. Times must rise."""
        if pixels.shape != self._shape:
            raise ValueError(f"a frame of shape {pixels.shape}, expected {self._shape}")
        if self._last is not None and time <= self._last:
            raise ValueError(f"time {time} does not come after {self._last}")
        self._last = time
        try:
            self._encoder.add(pixels, time)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error
        self.frames += 1

    def finish(self) -> Path:
        """Complete the file and make it durable; gives its path until `commit` gives it its name.

        No frame can be added afterwards.
        """
        if self._complete:
            return self._part
        if self.frames == 0:
            raise ValueError("a segment needs at least one frame")
        try:
            self._encoder.finish()
            flush_to_disk(self._part)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error
        self._complete = True
        return self._part

    def commit(self) -> None:
        """Finish the file, and give it its name."""
        if not self._open:
            return
        self.finish()
        try:
            if self._kind is Format.FRAMES:
                remove(self._path)
            self._part.replace(self._path)
            flush_to_disk(self._path.parent)
        except OSError as error:
            raise self._failed(error) from error
        self._open = False

    def abort(self) -> None:
        """Throw away what was written. Does nothing after `commit`."""
        if not self._open:
            return
        self._open = False
        with suppress(av.FFmpegError, OSError):
            self._encoder.close()
        remove(self._part)

    def __enter__(self) -> "SegmentWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.commit()
        finally:
            self.abort()

    def _failed(self, error: av.FFmpegError | OSError) -> OutputError:
        """Clean up, then say what is wrong."""
        height, width, depth = self._shape
        needed = encoded_bytes(self._kind, (height, width), self.frames + 1, depth == 4)
        self.abort()
        failed = encoder_error(self._path, error, needed)
        if self._output is None:
            return failed
        return OutputError(
            f"{self._output} cannot be made: {failed.problem}",
            given=failed.given,
            expected=failed.expected,
            advice=failed.advice,
        )


def encoder_error(
    path: Path, error: av.FFmpegError | OSError, needed: int | None = None
) -> OutputError:
    """What to tell the user where the encoder or the system refuses."""
    if isinstance(error, OSError):
        return output_error(path, error, needed)
    return OutputError(
        f"{path} cannot be encoded",
        given=error.strerror or type(error).__name__,
        advice="try another output format",
    )
