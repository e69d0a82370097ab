"""Opening a video file and decoding as much of it as can be decoded."""

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
from reenactor.inputs import require_plain
from reenactor.media.files import input_error

VIDEOS = "a video such as MP4, MOV, WebM, MKV or AVI, or an animated GIF, PNG, WebP or AVIF"
"""What is expected where a video is."""

_STILLS = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1"})
"""Brands of files that are photos, though they are stored as videos are."""
_LISTS = frozenset({"concat", "hls", "dash", "imf", "sdp", "rtsp"})
"""Formats that name other files, which nobody asked us to open."""

# Metadata may hold any bytes. PyAV 19 keeps those that are not UTF-8 by itself, as Python keeps
# them in file names, and has no parameter for it any more.
_AS_IN_FILE_NAMES: Mapping[str, Any] = MappingProxyType(
    {} if int(av.__version__.split(".")[0]) >= 19 else {"metadata_errors": "surrogateescape"}
)


def open_to_read(path: Path, options: Mapping[str, str] | None = None) -> InputContainer:
    """Open a file as PyAV does, whatever bytes its metadata holds.

    Raises:
        av.FFmpegError, OSError: it cannot be opened.
    """
    name = str(path.absolute())
    file: InputContainer = av.open(name, "r", options=dict(options or {}), **_AS_IN_FILE_NAMES)
    return file


def exact(ratio: Any) -> Fraction | None:
    """A ratio that PyAV gives (`Fraction`, from 19 on `AVRational`); None where it is unknown."""
    return Fraction(ratio.numerator, ratio.denominator) if ratio else None


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a video file and choose its main video stream. Raises `InputError`."""
    with open_file(path) as container:
        yield container, _main_stream(path, container)


def open_file(path: Path) -> InputContainer:
    """Open a file with pictures or sound.

    Only that file is read: what it may point to on the network is not.

    Raises:
        InputError: it is missing, empty, or of no kind that is known.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", given="a folder", expected=VIDEOS)
    require_plain(path)
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
            f"{path} is no video that can be read",
            given=error.strerror or type(error).__name__,
            expected=VIDEOS,
            advice="play it in another program: if that fails too, the file is damaged or was "
            "not copied to its end",
        ) from error
    if _LISTS.intersection(container.format.name.split(",")):
        container.close()
        raise InputError(
            f"{path} is a playlist",
            given="a list of other files",
            expected=VIDEOS,
            advice="give the video itself",
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
            advice="give a video in its place; the photo of `reenactor run` is its --target",
        )
    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams:
        found = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
        raise InputError(
            f"{path} holds no video",
            given=f"a file that holds {found}",
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
            f"{path} is encoded in a way that cannot be decoded here",
            given="a codec that is unknown here",
            expected=VIDEOS,
            advice="convert it to H.264 in MP4",
        )
    chosen.thread_type = "AUTO"
    return chosen


def decoded(
    container: InputContainer, stream: VideoStream, faults: list[str]
) -> Iterator[av.VideoFrame]:
    """Decode from where the container stands to the end, as far as the decoder can.

    What goes wrong on the way is added to `faults`.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.FFmpegError, OSError) as error:  # the file ends here, whatever it promised
            faults.append(error.strerror or type(error).__name__)
            packet = None
        try:
            frames = stream.codec_context.decode(packet)
        except av.FFmpegError as error:
            faults.append(error.strerror or type(error).__name__)
            frames = []
        for frame in frames:
            if frame.is_corrupt:
                faults.append("the decoder guessed a part of the picture")
            yield frame
        if packet is None:
            return
