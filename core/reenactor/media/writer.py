"""Segments, the parts in which an output is encoded; each is complete or absent."""

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
    """Encodes consecutive frames into a file that does not depend on others.

    The file (a folder for `Format.FRAMES`) gets its name when it is complete and on the disk. An
    error in the context leaves nothing; a killed process leaves a `.part` file, which the next
    writer of the segment replaces. The same frames and settings give the same bytes. The caller
    must hold a lock on the output.

    Raises:
        OutputError: the segment cannot be written (any method).
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
        """Start a segment of frames of `size` (height, width), with times in units of `time_base`.

        `fps` is stored in the file as the nominal rate; it does not change the times. `output` is
        the output that the segment belongs to; errors name it.
        """
        if alpha and not kind.holds_alpha:
            raise ValueError(f"{kind} does not support alpha")
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
        """Add a frame: RGB, or RGBA with straight alpha if `alpha`. Times must increase."""
        if pixels.shape != self._shape:
            raise ValueError(f"a frame of shape {pixels.shape}, expected {self._shape}")
        if self._last is not None and time <= self._last:
            raise ValueError(f"time {time} is not after {self._last}")
        self._last = time
        try:
            self._encoder.add(pixels, time)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from error
        self.frames += 1

    def finish(self) -> Path:
        """Complete the file and flush it to disk. No frame can be added afterwards.

        Returns:
            Its temporary path, until `commit`.
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
        """Finish the file and give it its name."""
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
        """Discard what was written. Does nothing after `commit`."""
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
        """Clean up and make the error."""
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
    """The error for a file that cannot be encoded or written."""
    if isinstance(error, OSError):
        return output_error(path, error, needed)
    return OutputError(
        f"cannot encode {path}",
        given=error.strerror or type(error).__name__,
        advice="try another output format",
    )
