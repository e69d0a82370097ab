from collections.abc import Callable
from pathlib import Path

import av
import pytest

from reenactor.errors import InputError
from reenactor.media.decode import decoded, open_file, opened
from reenactor.media.mark import read_metadata

Film = Callable[..., Path]


def test_the_file_is_closed_behind_us(film: Film) -> None:
    with opened(film("a.mp4", 3)) as (container, stream):
        assert stream.type == "video"
    with pytest.raises(AssertionError, match="not open"):
        list(container.demux(stream))


def test_what_cannot_be_decoded_is_told_and_passed_over(film: Film) -> None:
    path = film("a.mp4", 12, options={"g": "1"})  # every frame stands alone
    with av.open(str(path)) as file:
        struck = [packet for packet in file.demux(video=0) if packet.size][5]
    assert struck.pos is not None
    content = bytearray(path.read_bytes())
    content[struck.pos : struck.pos + struck.size] = b"\xff" * struck.size
    path.write_bytes(content)
    faults: list[str] = []
    with opened(path) as (container, stream):
        times = [frame.pts for frame in decoded(container, stream, faults)]
    assert times == [512 * place for place in range(12) if place != 5]
    assert len(faults) == 1


def test_a_name_with_a_colon_or_a_percent_is_just_a_name(film: Film) -> None:
    for name in ("http:a.mp4", "a%03d.mp4"):
        with open_file(film("plain.mp4", 2).rename(film("x.mp4", 1).with_name(name))) as file:
            assert file.streams.video


def test_codecs_that_are_not_known_are_told(film: Film) -> None:
    path = film("a.mp4", 3)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"avc1\x00", b"zzzz\x00").replace(b"avcC", b"zzzC"))
    with pytest.raises(InputError, match="cannot be decoded"), opened(path):
        pass


def test_metadata_may_hold_any_bytes(film: Film) -> None:
    path = film("a.mkv", 3)
    content = path.read_bytes()
    assert b"Lavf" in content  # the program that wrote it, an entry of the file's metadata
    path.write_bytes(content.replace(b"Lavf", b"\xe9\xff\x80f"))
    with opened(path) as (container, stream):
        assert len(list(container.decode(stream))) == 3
    assert any("\ufffd" in text for text in read_metadata(path).values())
