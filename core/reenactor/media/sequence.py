"""Joining segments of PNG files into a folder of frames, or frames named by a pattern."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reenactor.errors import OutputError
from reenactor.media.credentials import Credentials
from reenactor.media.files import flush_to_disk, make_folder, output_error, require_space
from reenactor.media.formats import Format, frame_path, is_pattern
from reenactor.media.mark import is_synthetic, with_text
from reenactor.media.outputs import remove, require_replaceable


def join_frames(
    segments: Sequence[Path],
    output: Path,
    texts: Mapping[str, str],
    credentials: Credentials | None = None,
) -> None:
    """Copy the frames of all segments into one sequence, numbered from 0, with text entries.

    They are first written to a temporary folder. A folder then replaces an older result at once.
    Frames named by a pattern are moved one by one, and frames of a longer older result are
    removed. The caller must hold a lock on the output.

    Raises:
        OutputError: a segment is missing, the output cannot be written, or it is a folder with
            other files.
    """
    frames = [frame for segment in segments for frame in sorted(segment.glob("[0-9]*.png"))]
    if not all(segment.is_dir() for segment in segments) or not frames:
        raise OutputError(
            f"segments of {output} are missing", advice="run again; their frames are rendered again"
        )
    if not is_pattern(output):
        restore(output)
        require_replaceable(output)
    make_folder(output.parent)
    size = sum(frame.stat().st_size for frame in frames)
    require_space(output.parent, size)
    part = _beside(output, "new")
    remove(part)  # left by a killed process
    try:
        part.mkdir()
        _copy(frames, part, texts, credentials)
        if is_pattern(output):
            _place_each(len(frames), part, output)
        else:
            _place_folder(part, output)
        flush_to_disk(output.parent)
    except OSError as error:
        raise output_error(output, error, size) from error
    finally:
        remove(part)


def restore(output: Path) -> None:
    """Restore or remove the older result of a folder after a process was killed while replacing it.

    Raises:
        OutputError: it cannot be moved.
    """
    old = _beside(output, "old")
    if not old.is_dir():
        return
    try:
        if output.exists():
            remove(old)
        else:
            old.rename(output)
    except OSError as error:
        raise output_error(output, error) from error


def _beside(output: Path, what: str) -> Path:
    return output.with_name(f".{output.name}.reenactor-{what}")


def _copy(
    frames: Iterable[Path],
    part: Path,
    texts: Mapping[str, str],
    credentials: Credentials | None,
) -> None:
    for number, frame in enumerate(frames):
        copy = frame_path(part, number)
        copy.write_bytes(with_text(frame.read_bytes(), texts))
        if credentials is not None:
            credentials.sign(copy, Format.FRAMES)
        flush_to_disk(copy)
    flush_to_disk(part)


def _place_folder(part: Path, output: Path) -> None:
    """Replace the old folder by the new one, with two renames. `restore` repairs the state between
    them."""
    if not output.exists():
        part.rename(output)
        return
    old = _beside(output, "old")
    output.rename(old)
    part.rename(output)
    remove(old)


def _place_each(count: int, part: Path, output: Path) -> None:
    for number in range(count):
        frame_path(part, number).replace(frame_path(output, number))
    number = count
    while (old := frame_path(output, number)).exists() and is_synthetic(old):
        old.unlink()
        number += 1
