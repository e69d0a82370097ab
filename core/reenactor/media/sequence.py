"""Segments of PNG files become a folder of frames, or frames named by a pattern."""

import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from reenactor.errors import OutputError
from reenactor.media.files import flush_to_disk, make_folder, output_error, require_space
from reenactor.media.formats import frame_path, is_pattern
from reenactor.media.mark import is_synthetic, with_text


def join_frames(segments: Sequence[Path], output: Path, texts: Mapping[str, str]) -> None:
    """Copy the frames of all segments into one sequence, counted from 0, with text entries.

    They are first written to a folder of another name. A folder then takes its place at once;
    an older result there is replaced, anything else is not touched but an error. Frames named
    by a pattern take their places one by one, and frames of a longer older result go.

    Raises:
        OutputError: a segment is missing, the output cannot be written, or it is a folder with
            other files.
    """
    frames = [frame for segment in segments for frame in sorted(segment.glob("*.png"))]
    if not all(segment.is_dir() for segment in segments) or not frames:
        raise OutputError(
            f"segments of {output} are missing", advice="run again: their frames are made anew"
        )
    if not is_pattern(output):
        _require_replaceable(output)
    make_folder(output.parent)
    size = sum(frame.stat().st_size for frame in frames)
    require_space(output.parent, size)
    part = output.with_name(f".{secrets.token_hex(4)}.part")
    try:
        part.mkdir()
        _copy(frames, part, texts)
        if is_pattern(output):
            _place_each(len(frames), part, output)
        else:
            _place_folder(part, output)
        flush_to_disk(output.parent)
    except OSError as error:
        raise output_error(output, error, size) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(frames: Iterable[Path], part: Path, texts: Mapping[str, str]) -> None:
    for number, frame in enumerate(frames):
        copy = frame_path(part, number)
        copy.write_bytes(with_text(frame.read_bytes(), texts))
        flush_to_disk(copy)
    flush_to_disk(part)


def _place_folder(part: Path, output: Path) -> None:
    """Put the new folder in the old one's place: two renamings, so nearly at once."""
    if not output.exists():
        part.rename(output)
        return
    old = part.with_suffix(".old")
    output.rename(old)
    part.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _place_each(count: int, part: Path, output: Path) -> None:
    for number in range(count):
        frame_path(part, number).replace(frame_path(output, number))
    number = count
    while (old := frame_path(output, number)).exists() and is_synthetic(old):
        old.unlink()
        number += 1


def _require_replaceable(output: Path) -> None:
    """A folder may be replaced if it is empty or holds our frames and nothing else."""
    if not output.exists():
        return
    with suppress(NotADirectoryError):
        files = sorted(output.iterdir())
        counted = all(file.name == f"{place:06d}.png" for place, file in enumerate(files))
        if counted and all(is_synthetic(file) for file in files):
            return
    raise OutputError(
        f"{output} holds other files",
        given="a folder that is not empty" if output.is_dir() else "a file",
        expected="a new folder, an empty one, or an earlier result",
        advice="choose another folder, or empty this one",
    )
