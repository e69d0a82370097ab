import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest

from reenactor.errors import InputError, OutputError
from reenactor.media.decode import open_file
from reenactor.media.files import (
    read_json,
    readable,
    remove_parts,
    replacing,
    require_space,
    sha256_of,
    write_bytes,
    write_json,
)
from reenactor.media.photo import read_photo
from reenactor.media.video import probe
from reenactor.spec.load import open_document


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_sha256(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    path = tmp_path / "a"
    path.write_bytes(content)
    assert sha256_of(path) == hashlib.sha256(content).hexdigest()
    with pytest.raises(InputError, match="file not found"):
        sha256_of(tmp_path / "b")
    with pytest.raises(InputError, match="is a folder"):
        sha256_of(tmp_path)


def test_a_write_replaces_and_makes_folders(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.json"
    write_json(path, {"b": 1, "a": "ü"})
    write_bytes(path.with_name("b"), b"123")
    write_bytes(path.with_name("b"), b"45")
    assert path.read_text(encoding="utf-8") == '{\n  "b": 1,\n  "a": "ü"\n}\n'
    assert path.with_name("b").read_bytes() == b"45"
    assert names(path.parent) == ["a.json", "b"]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_with_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="no space left") as caught:
        write_bytes(tmp_path / "a", bytes(1500))
    assert caught.value.expected == "at least 1.5 kB free"
    assert "free" in caught.value.given
    assert names(tmp_path) == []


def test_a_folder_may_be_open_to_writing_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_any = os.open

    def open_files(path: Path, flags: int, *more: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "no reading here")
        return open_any(path, flags, *more)

    monkeypatch.setattr(os, "open", open_files)
    write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_bytes(tmp_path / "file" / "a", b"")


def test_space_is_asked_for_where_a_folder_will_be(tmp_path: Path) -> None:
    require_space(tmp_path / "not" / "yet", 10)
    with pytest.raises(OutputError, match="not enough space") as caught:
        require_space(tmp_path / "not" / "yet", 10**18)
    assert caught.value.expected == "at least 1000000.0 TB free"
    assert not (tmp_path / "not").exists()


def test_sizes_are_readable() -> None:
    assert [readable(n) for n in (0, 999, 1500, 999_960, 12_000_000, 3 * 10**12)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "1.0 MB",
        "12.0 MB",
        "3.0 TB",
    ]


def test_json_may_name_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    name = os.fsdecode(b"caf\xe9.jpg")
    write_json(path, {"target": name, "driver": "ü"})
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == {"target": name, "driver": "ü"}
    assert "ü" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_json_is_read_whatever_the_editor_made_of_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('{"a": ["ü", 1]}\r\n'.encode(encoding))
    assert read_json(path) == {"a": ["ü", 1]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"[NaN]",
        b"[-Infinity]",
        b'"\xff"',
        b"\xff\xfe{",
        b"1" * 5000,
        b"\0\0\0\0",
    ],
)
def test_what_is_not_json_is_an_error_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.json is not valid JSON"):
        read_json(path)


def test_json_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_json(tmp_path)
    with pytest.raises(InputError, match="file not found"):
        read_json(tmp_path / "none.json")


def test_what_a_killed_process_left_goes_and_other_files_stay(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    left = [".a.mp4.0123abcd.part", ".a.mp4.0123abcd.part.signed", ".b.mp4.0123abcd.part"]
    mine = [".a.mp4.part", "a.mp4.0123abcd.part", ".a.mp4.0123abcd.part.mp4", ".a.mp4.xyz.part"]
    for name in (*left, *mine):
        (tmp_path / name).touch()
        (below / name).touch()
    remove_parts(tmp_path, "a.mp4")
    assert names(tmp_path) == sorted([*mine, left[2], "below"])
    remove_parts(tmp_path)
    assert names(tmp_path) == sorted([*mine, "below"])
    assert names(below) == sorted(mine)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_may_never_end_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "photo.jpg"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        for read in (sha256_of, read_photo, open_file):
            with pytest.raises(InputError, match="not a regular file"):
                read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    "read", [read_json, probe, read_photo, lambda path: open_document(path, {})]
)
def test_a_named_pipe_is_refused_and_not_waited_for(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    """Nothing is read of it; whoever reads all the same finds its end after some seconds."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    os.write(writer, b"{}")
    closing = Timer(5, os.close, [writer])
    closing.start()
    with pytest.raises(InputError, match="is not a regular file"):
        read(path)
    assert os.read(writer, 9) == b"{}"
    closing.cancel()
    os.close(writer)
