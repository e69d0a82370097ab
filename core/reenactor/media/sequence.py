"""Segments of PNG files become a folder of frames, or frames named by a pattern."""

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
    """Copy the frames of all segments into one sequence, counted from 0, with text entries.

    They are first written to a folder of another name. A folder then takes its place at once;
    an older result there is replaced, anything else is not touched but an error. Frames named
    by a pattern take their places one by one, and frames of a longer older result go. One
    process at a time may write an output: hold a lock on it.

    Raises:
        OutputError: a segment is missing, the output cannot be written, or it is a folder with
            other files.
    """
    frames = [frame for segment in segments for frame in sorted(segment.glob("[0-9]*.png"))]
    if not all(segment.is_dir() for segment in segments) or not frames:
        raise OutputError(
            f"segments of {output} are missing", advice="run again: their frames are made anew"
        )
    if not is_pattern(output):
        restore(output)
        require_replaceable(output)
    make_folder(output.parent)
    size = sum(frame.stat().st_size for frame in frames)
    require_space(output.parent, size)
    part = _beside(output, "new")
    remove(part)  # a killed writer's
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
    """Put back the older result of a folder, where a writer was killed while replacing it.

    A writer that was killed a moment later left it beside the new one: then it goes.

    Raises:
        OutputError: the system does not let us.
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
    """Put the new folder in the old one's place: two renamings, so nearly at once. `restore`
    mends what a kill between them leaves."""
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
