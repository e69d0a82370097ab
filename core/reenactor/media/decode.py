"""Opening a video file and decoding as much of it as possible."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from reenactor.errors import InputError
from reenactor.inputs import require_regular_file
from reenactor.media.files import input_error

VIDEOS = "a video such as MP4, MOV, WebM, MKV or AVI, or an animated GIF, PNG, WebP or AVIF"
"""The expected input, for messages."""

_STILLS = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1"})
"""Brands of photos that are stored in a video container."""
_LISTS = frozenset({"concat", "hls", "dash", "imf", "sdp", "rtsp"})
"""Formats that refer to other files, which must not be opened."""

# Metadata may contain any bytes. PyAV 19 always keeps those that are not UTF-8 as surrogates, as
# Python does in file names, and no longer has a parameter for it.
_AS_IN_FILE_NAMES: Mapping[str, Any] = MappingProxyType(
    {} if int(av.__version__.split(".")[0]) >= 19 else {"metadata_errors": "surrogateescape"}
)


def open_to_read(path: Path, options: Mapping[str, str] | None = None) -> InputContainer:
    """Open a file with PyAV, whatever bytes its metadata contains.

    Raises:
        av.FFmpegError, OSError: the file cannot be opened.
    """
    name = str(path.absolute())
    file: InputContainer = av.open(name, "r", options=dict(options or {}), **_AS_IN_FILE_NAMES)
    return file


def exact(ratio: Any) -> Fraction | None:
    """A ratio of PyAV (`Fraction`; since 19 `AVRational`) as a `Fraction`; None if unknown."""
    return Fraction(ratio.numerator, ratio.denominator) if ratio else None


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a video file and choose its main video stream. Raises `InputError`."""
    with open_file(path) as container:
        yield container, _main_stream(path, container)


def open_file(path: Path) -> InputContainer:
    """Open a file with pictures or sound.

    Only this file is read, not what it may refer to on the network.

    Raises:
        InputError: the file is missing, empty, or of an unknown kind.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", given="a folder", expected=VIDEOS)
    require_regular_file(path)
    try:
        if path.stat().st_size == 0:
            raise InputError(
                f"{path} is empty", given="0 bytes", expected=VIDEOS, advice="copy it again"
            )
        container = open_to_read(path, {"protocol_whitelist": "file"})
    except FileNotFoundError as error:
        raise input_error(path, error) from error
    except (av.FFmpegError, OSError) as error:
        raise InputError(
            f"{path} cannot be read as a video",
            given=error.strerror or type(error).__name__,
            expected=VIDEOS,
            advice="try another program: if that fails too, the file is damaged or truncated",
        ) from error
    if _LISTS.intersection(container.format.name.split(",")):
        container.close()
        raise InputError(
            f"{path} is a playlist",
            given="a list of files",
            expected=VIDEOS,
            advice="use the video itself",
        )
    return container


def _main_stream(path: Path, container: InputContainer) -> VideoStream:
    kind = container.format.name
    brand = container.metadata.get("major_brand", "")
    if kind == "image2" or kind.endswith("_pipe") or brand in _STILLS:
        raise InputError(
            f"{path} is a single picture",
            given=f"a picture ({brand or kind.removesuffix('_pipe')})",
            expected=VIDEOS,
            advice="use a video; the photo of `reenactor run` is its --target",
        )
    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams:
        found = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
        raise InputError(
            f"{path} contains no video",
            given=f"a file with {found}",
            expected=VIDEOS,
            advice="check that this is the right file",
        )
    # An animated AVIF begins with a still of its own.
    chosen = max(
        streams,
        key=lambda stream: (bool(stream.disposition & Disposition.default), stream.frames > 1),
    )
    if chosen.codec_context is None:
        raise InputError(
            f"{path} cannot be decoded",
            given="an unknown codec",
            expected=VIDEOS,
            advice="convert it to H.264 in MP4",
        )
    chosen.thread_type = "AUTO"
    return chosen


def decoded(
    container: InputContainer, stream: VideoStream, faults: list[str]
) -> Iterator[av.VideoFrame]:
    """Decode from the container's position to the end, as far as possible.

    Errors are added to `faults`.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.FFmpegError, OSError) as error:  # the file ends here
            faults.append(error.strerror or type(error).__name__)
            packet = None
        try:
            frames = stream.codec_context.decode(packet)
        except av.FFmpegError as error:
            faults.append(error.strerror or type(error).__name__)
            frames = []
        for frame in frames:
            if frame.is_corrupt:
                faults.append("the decoder concealed errors in a frame")
            yield frame
        if packet is None:
            return
