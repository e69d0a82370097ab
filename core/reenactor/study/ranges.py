"""HTTP range requests (RFC 9110, section 14), which players use to seek."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class UnsatisfiableError(ValueError):
    """The range is beyond the end of the file: status 416."""


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of a `Range` header; None for the whole file.

    Headers other than a single byte range are ignored, as the standard allows.

    Raises:
        UnsatisfiableError: the range is outside the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:  # a suffix range
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
