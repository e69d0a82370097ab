"""Marking results as synthetic, and reading the mark.

The mark is two metadata entries, which players, `ffprobe`, `exiftool` and `mediainfo` show:

* `comment`: a sentence for people, to which a run may add. Many programs that copy a video keep
  only this entry, so a run repeats the term in it.
* `digital_source_type`: IPTC's term for a picture of real and generated parts, for programs.
  https://cv.iptc.org/newscodes/digitalsourcetype/

The term is also in an XMP packet in PNG, MP4 and MOV, which photo archives read, and in every H.264
key frame (supplemental enhancement information), so that it survives copying the stream without
metadata.
"""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import av

from reenactor.media.decode import open_to_read
from reenactor.spelling import legible

KEY = "digital_source_type"
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

COMMENT = "Synthetic: made with reenactor. The person shown did not perform these movements."

XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmp:CreatorTool="reenactor"
    Iptc4xmpExt:DigitalSourceType="{SYNTHETIC}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()
"""The term as XMP (IPTC Photo Metadata Standard, Extension schema)."""

_XMP_KEY = "XML:com.adobe.xmp"
"""The keyword of a PNG entry with XMP (XMP specification, part 3, 1.1.5)."""
_XMP_BOX = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
"""The UUID of an XMP box in MP4 and MOV (XMP specification, part 3, 1.2.6)."""
_OURS = UUID("6f3c8e5a-d2b7-4a91-b6e4-58c79a2d41f3").bytes
"""The UUID of our messages in H.264."""


def marked(metadata: Mapping[str, str] | None = None) -> dict[str, str]:
    """Metadata with the mark; `metadata` may replace the comment, but not the term."""
    given = {key: legible(value) for key, value in (metadata or {}).items()}
    return {"comment": COMMENT, **given, KEY: SYNTHETIC}


def xmp_box() -> bytes:
    """The XMP packet as a box for the end of an MP4 or MOV file."""
    return struct.pack(">I", 24 + len(XMP)) + b"uuid" + _XMP_BOX + XMP


def h264_message() -> bytes:
    """The mark as a NAL unit after its length in four bytes, as stored in MP4 and MOV.

    It is user data of ITU-T H.264, D.1.7: 06, 05, its size, a UUID, text, and the stop bit.
    """
    text = _OURS + f"{COMMENT} {SYNTHETIC}".encode()  # no zeros: nothing needs escaping
    size = b"\xff" * (len(text) // 255) + bytes([len(text) % 255])
    unit = b"\x06\x05" + size + text + b"\x80"
    return struct.pack(">I", len(unit)) + unit


def read_metadata(path: Path) -> dict[str, str]:
    """Metadata of a result (MP4, MOV, WebM or PNG), with keys in lower case.

    Empty if the file is of another kind.
    """
    if path.suffix.lower() == ".png":
        return _png_text(path)
    try:
        with open_to_read(path) as file:
            return {key.lower(): legible(value) for key, value in file.metadata.items()}
    except (av.FFmpegError, OSError):
        return {}


def is_synthetic(path: Path) -> bool:
    """Whether a file has the mark, in its metadata or its H.264 stream."""
    found = read_metadata(path)
    if found.get(KEY) == SYNTHETIC or found.get("comment", "").startswith(COMMENT):
        return True
    return path.suffix.lower() != ".png" and _is_in_pictures(path)


def _is_in_pictures(path: Path) -> bool:
    """Whether the first frame of a video has the H.264 mark."""
    try:
        with open_to_read(path) as file:
            if file.streams.video and file.streams.video[0].name == "h264":
                return _OURS in bytes(next(file.demux(video=0)))
    except (av.FFmpegError, OSError):
        pass
    return False


def with_text(png: bytes, metadata: Mapping[str, str]) -> bytes:
    """Insert text entries (chunks `iTXt`, UTF-8) after a PNG file's header.

    Keys are Latin-1, 1 to 79 characters (PNG specification, 11.3.3). XMP is added with the mark.
    """
    chunks = b""
    entries = dict(metadata)
    if entries.get(KEY) == SYNTHETIC:
        entries[_XMP_KEY] = XMP.decode()
    for key, value in entries.items():
        body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + value.encode()
        chunks += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_HEADER] + chunks + png[_HEADER:]


_HEADER = 33
"""Size in bytes of a PNG's signature and first chunk, IHDR."""


def _png_text(path: Path) -> dict[str, str]:
    """The entries that `with_text` wrote."""
    found: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            file.seek(_HEADER)
            while len(head := file.read(8)) == 8 and head[4:] != b"IDAT":
                size = int.from_bytes(head[:4], "big")
                if head[4:] != b"iTXt":  # such as content credentials
                    file.seek(size + 4, 1)
                    continue
                body = file.read(size + 4)[:-4]
                key, _, rest = body.partition(b"\0")
                found[key.decode("latin-1").lower()] = rest[4:].decode(errors="replace")
    except OSError:
        return {}
    return found
