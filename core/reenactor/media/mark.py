"""The mark by which a result says that it is synthetic, and reading it back.

Two entries in a file's metadata, which players, `ffprobe`, `exiftool` and `mediainfo` show:

* `comment`: a sentence for people, in which a run may say more.
* `digital_source_type`: IPTC's term for a picture composed of real and generated parts, for
  programs. https://cv.iptc.org/newscodes/digitalsourcetype/
"""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import av

from reenactor.media.decode import open_to_read
from reenactor.spelling import legible

KEY = "digital_source_type"
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

COMMENT = "Synthetic: made with reenactor. The person shown did not perform these movements."


def marked(metadata: Mapping[str, str] | None = None) -> dict[str, str]:
    """Metadata with the mark: a sentence of one's own may be given, the term not replaced."""
    said = {key: legible(value) for key, value in (metadata or {}).items()}
    return {"comment": COMMENT, **said, KEY: SYNTHETIC}


def read_metadata(path: Path) -> dict[str, str]:
    """What a result (MP4, MOV, WebM or PNG) says of itself; keys in lower case.

    Empty where the file is of another kind.
    """
    if path.suffix.lower() == ".png":
        return _png_text(path)
    try:
        with open_to_read(path) as file:
            return {key.lower(): legible(value) for key, value in file.metadata.items()}
    except (av.FFmpegError, OSError):
        return {}


def is_synthetic(path: Path) -> bool:
    """Whether a file bears the mark."""
    return read_metadata(path).get(KEY) == SYNTHETIC


def with_text(png: bytes, metadata: Mapping[str, str]) -> bytes:
    """A PNG file with text entries (chunks `iTXt`, UTF-8) put in behind its header.

    Keys are Latin-1, 1 to 79 characters (PNG specification, 11.3.3).
    """
    chunks = b""
    for key, value in metadata.items():
        body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + value.encode()
        chunks += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_HEADER] + chunks + png[_HEADER:]


_HEADER = 33
"""Bytes of a PNG's signature and its first chunk, IHDR."""


def _png_text(path: Path) -> dict[str, str]:
    """The entries that `with_text` wrote."""
    found: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            file.seek(_HEADER)
            while len(head := file.read(8)) == 8 and head[4:] == b"iTXt":
                body = file.read(int.from_bytes(head[:4], "big") + 4)[:-4]
                key, _, rest = body.partition(b"\0")
                found[key.decode("latin-1").lower()] = rest[4:].decode(errors="replace")
    except OSError:
        return {}
    return found
