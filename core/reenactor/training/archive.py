"""Zip files that are read without unpacking: uncompressed, each member where it was put.

Written anew the same members give the same bytes. Reading holds no file open between reads, so
an `Archive` can be used by any number of processes at once, forked or started.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reenactor.errors import InputError
from reenactor.media.files import input_error, replacing

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that all members bear: the bytes shall depend on the content alone."""
_HEADER = 30
"""Bytes before a member's name (APPNOTE.TXT, 4.3.7)."""


@dataclass(frozen=True)
class Member:
    """Where a member's header lies in the file, and what its content must be."""

    header: int
    size: int
    crc: int


@dataclass(frozen=True)
class Archive:
    """The table of contents of a zip file."""

    path: Path
    members: dict[str, Member]

    @classmethod
    def opened(cls, path: Path) -> "Archive":
        """Read the table.

        Raises:
            InputError: it is missing, no zip file, damaged, or compressed.
        """
        try:
            size = path.stat().st_size
            with zipfile.ZipFile(path) as file:
                members = file.infolist()
        except OSError as error:
            raise input_error(path, error) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise damaged(path, str(error)) from error
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise damaged(path, "its members are compressed")
        if any(not 0 <= m.header_offset < size - m.file_size for m in members):
            raise damaged(path, "a member lies outside the file")
        return cls(path, {m.filename: Member(m.header_offset, m.file_size, m.CRC) for m in members})

    def read(self, names: Iterable[str]) -> list[bytes]:
        """The content of some members.

        Raises:
            InputError: one is not there, or is not what was written.
        """
        try:
            with self.path.open("rb", buffering=0) as file:
                return [self._content(file, name) for name in names]
        except OSError as error:
            raise input_error(self.path, error) from error

    def _content(self, file: BinaryIO, name: str) -> bytes:
        member = self.members.get(name)
        if member is None:
            raise damaged(self.path, f"there is no {name} in it")
        file.seek(member.header)
        header = file.read(_HEADER)
        if len(header) == _HEADER and header.startswith(b"PK\x03\x04"):
            file.seek(member.header + _HEADER + sum(struct.unpack("<HH", header[26:])))
            content = file.read(member.size)
            if len(content) == member.size and zlib.crc32(content) == member.crc:
                return content
        raise damaged(self.path, f"{name} is damaged")


def damaged(path: Path, why: str) -> InputError:
    """What to tell of a file that is no sound shard."""
    return InputError(
        f"{path} is no shard of training examples",
        given=why,
        expected="a zip file that `reenactor prepare` wrote",
        advice="remove it and prepare again: the other shards are kept",
    )


def write_archive(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members one after another; the file is there whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as file:
        for name, content in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            file.writestr(info, content)
