import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.mark import COMMENT, KEY, SYNTHETIC, is_synthetic, marked, read_metadata
from reenactor.media.photo import write_photo


def test_the_mark_stays_whatever_is_added() -> None:
    assert marked() == {"comment": COMMENT, KEY: SYNTHETIC}
    assert marked({"comment": "more", KEY: "camera"}) == {"comment": "more", KEY: SYNTHETIC}


def test_what_is_added_can_be_written_whatever_it_holds() -> None:
    """The comment names the photo, and a photo's name may hold any bytes."""
    name = os.fsdecode(b"caf\xe9.jpg")
    assert marked({"comment": f"of {name}"})["comment"] == "of caf\ufffd.jpg"


def test_a_marked_picture_is_known(tmp_path: Path) -> None:
    plain, synthetic = tmp_path / "a.png", tmp_path / "b.png"
    write_photo(plain, np.zeros((4, 4, 3), np.uint8))
    write_photo(synthetic, np.zeros((4, 4, 3), np.uint8), marked({"title": "ü"}))
    assert not is_synthetic(plain)
    assert is_synthetic(synthetic)
    assert read_metadata(synthetic)["title"] == "ü"


def test_other_files_say_nothing(tmp_path: Path, film: Callable[..., Path]) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hello")
    broken = tmp_path / "b.png"
    broken.write_bytes(b"\x89PNG")
    for path in (text, broken, tmp_path / "missing.png", film("a.mp4", 2)):
        assert not is_synthetic(path)


TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)


def term_in(packet: str) -> str | None:
    """What an XMP packet says of the source, read as XML."""
    xml = ET.fromstring(packet[packet.index("<x:xmpmeta") : packet.rindex("<?xpacket")])  # noqa: S314  # our own XML
    name = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
    return next((e.get(name) for e in xml.iter() if e.get(name)), None)


def top_boxes(path: Path) -> list[tuple[bytes, bytes]]:
    """Type and content of the boxes of an MP4 or MOV file, which must fill it."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        found.append((kind, data[at + 8 : at + size]))
        at += size
    assert at == len(data)
    return found


def test_a_picture_says_it_in_xmp(tmp_path: Path) -> None:
    write_photo(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8), marked())
    with Image.open(tmp_path / "a.png") as file:
        file.load()
        assert term_in(file.info["XML:com.adobe.xmp"]) == TERM


@pytest.mark.parametrize("kind", [Format.MP4, Format.MOV])
def test_a_video_says_it_in_xmp(
    tmp_path: Path, kind: Format, segments: Callable[..., list[Path]]
) -> None:
    output = tmp_path / f"a{kind.segment_suffix}"
    join(segments("p", kind, [0, 1001], [2]), output, kind, time_base=UNIT, fps=FPS)
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    packets = [
        body[16:] for name, body in top_boxes(output) if (name, body[:16]) == (b"uuid", uuid)
    ]
    assert [term_in(packet.decode()) for packet in packets] == [TERM]


def copied(source: Path, output: Path, metadata: bool, start: int = 0) -> Path:
    """What `ffmpeg -c copy` does; without `metadata`, `-map_metadata -1` too."""
    with av.open(str(source)) as file, av.open(str(output), "w") as copy:
        if metadata:
            copy.metadata.update(file.metadata)
        stream: Any = copy.add_stream_from_template(file.streams.video[0])
        for packet in file.demux(video=0):
            if packet.size and (packet.pts or 0) >= start:
                packet.stream = stream
                copy.mux(packet)
    return output


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Format.MP4, ["b.mp4", "b.mov", "b.mkv"]),
        (Format.MOV, ["b.mov", "b.mkv"]),
        (Format.WEBM, ["b.webm", "b.mkv", "b.mp4"]),
    ],
)
def test_the_mark_survives_copying_into_another_file(
    tmp_path: Path, kind: Format, names: list[str], segments: Callable[..., list[Path]]
) -> None:
    output = tmp_path / f"a{kind.segment_suffix}"
    parts = segments("p", kind, [0, 1001, 2002], [3])
    join(parts, output, kind, time_base=UNIT, fps=FPS)
    for name in names:
        assert is_synthetic(copied(output, tmp_path / name, metadata=True)), name


def test_in_h264_it_survives_without_metadata_and_in_every_part(
    tmp_path: Path, segments: Callable[..., list[Path]]
) -> None:
    parts = segments("p", Format.MP4, [1001 * n for n in range(6)], [3, 3])
    output = tmp_path / "a.mp4"
    join(parts, output, Format.MP4, time_base=UNIT, fps=FPS)
    for name in ("b.mp4", "b.mkv", "b.ts"):
        copy = copied(output, tmp_path / name, metadata=False)
        assert "comment" not in read_metadata(copy)
        assert is_synthetic(copy), name
        with av.open(str(copy)) as file:
            assert sum(1 for _ in file.decode(video=0)) == 6
    assert is_synthetic(copied(output, tmp_path / "second.mp4", metadata=False, start=3003))
    with av.open(str(output)) as file, av.open(str(parts[0])) as part:  # the pictures are the same
        pairs = zip(part.decode(video=0), file.decode(video=0), strict=False)
        assert all(np.array_equal(a.to_ndarray(), b.to_ndarray()) for a, b in pairs)
