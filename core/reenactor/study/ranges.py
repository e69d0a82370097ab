"""The part of a file that a browser asks for (RFC 9110, section 14): players seek with it."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class UnsatisfiableError(ValueError):
    """The part lies behind the file's end: status 416."""


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte, and the byte behind the last, of a `Range` header; None for the whole file.

    A header that is no single range of bytes is ignored, as the standard allows.

    Raises:
        UnsatisfiableError: the range has no byte of the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        start, stop = max(0, size - int(last)), size
        if int(last) == 0:
            raise UnsatisfiableError(header)
    else:
        start = int(first)
        stop = min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise UnsatisfiableError(header)
    return start, stop
