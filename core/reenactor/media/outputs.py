"""Checks before any work: no file is replaced without permission, and never an input."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reenactor.errors import OutputError, UsageError
from reenactor.inputs import what_is
from reenactor.media.contents import files_in
from reenactor.media.files import make_folder, output_error
from reenactor.media.formats import Format, frame_path, pattern_files
from reenactor.media.lock import locked
from reenactor.media.mark import is_synthetic

_HIDDEN = 25
"""How much longer than the output's name those of temporary files and locks are, in bytes."""
WORK = ".reenactor-work"
"""The suffix of hidden folders for temporary files."""
_LONGEST = 255
"""Longest name, in bytes, on every common file system."""

Own = Callable[[Path], bool]
"""Whether an existing file is the job's own, which it may replace."""


def nothing_own(path: Path) -> bool:
    """For a command that leaves nothing behind."""
    del path
    return False


def require_free(
    outputs: Iterable[Path],
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
    kind: Format | None = None,
    own: Own = nothing_own,
    advice: str = "use another name, or --overwrite",
) -> None:
    """Make sure, before any work, that writing `outputs` replaces nothing by mistake.

    Args:
        outputs: files, or folders or patterns of frames if `kind` is `Format.FRAMES`.
        inputs: files and folders that are read.
        overwrite: whether existing outputs may be replaced; inputs never are.
        kind: the format of all outputs, if they are videos or frames.
        own: whether an existing file may be replaced because it is the job's own.
        advice: what to do about an existing output.

    Raises:
        UsageError: an output exists, or is an input (by name, through a link, or as a hard link).
        OutputError: a name is too long, or something that cannot be replaced is in the way.
    """
    protected = _Protected(inputs)
    frames = kind is Format.FRAMES
    for output in outputs:
        require_short(frame_path(output, 0) if frames else output)
        require_short(output)
        for path in _in_the_way(output, frames):
            protected.require_other(path)
            _require_kind(path, folder=frames and path == output)
            if not overwrite and not own(path):
                raise UsageError("the output already exists", given=str(path), advice=advice)
            if frames and path == output:
                require_replaceable(path)


def require_writable(output: Path) -> None:
    """Raise `OutputError` if an output is a pipe, socket or device, or a link to one, as standard
    output is, even where its own name is not what is written."""
    path = output.absolute()
    special = path.exists() and not (path.is_file() or path.is_dir())
    if special or path.parent == Path("/dev"):
        raise OutputError(
            f"{output} is a device or a pipe",
            given=str(output),
            expected="the name of a file or folder, which names other files beside it",
            advice="choose another output",
        )


def require_short(output: Path) -> None:
    """Raises `OutputError` if an output's name is too long for the names of temporary files."""
    size = len(os.fsencode(output.name))
    if size + _HIDDEN > _LONGEST:
        raise OutputError(
            "the output's name is too long",
            given=f"{size} bytes: {output.name[:40]}…",
            expected=f"at most {_LONGEST - _HIDDEN} bytes",
            advice="use a shorter name",
        )


def _in_the_way(output: Path, frames: bool) -> list[Path]:
    """The existing files that would be replaced."""
    try:
        if frames and (found := pattern_files(output)) is not None:
            return found
        output.lstat()
        return [output]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise output_error(output, error) from error


def _require_kind(path: Path, folder: bool) -> None:
    """Make sure that an existing output is a folder if `folder` is true, else a file.

    A link to a file, or a broken link, is replaced like a file. Links to folders, pipes, sockets
    and devices are not.

    Raises:
        OutputError: the output is something else.
    """
    wanted = ("a folder",) if folder else ("a file", "a link", "a link to a file")
    try:
        given = what_is(path)
    except OSError as error:
        raise output_error(path, error) from error
    if given not in wanted:
        raise OutputError(
            f"{path} cannot be replaced",
            given=given,
            expected=f"{wanted[0]}, or nothing",
            advice="use another output, or move the existing one",
        )


class _Protected:
    """Files that must not be replaced."""

    def __init__(self, inputs: Iterable[Path]) -> None:
        self._paths = tuple(inputs)
        self._files: dict[tuple[int, int], Path] | None = None

    def require_other(self, output: Path) -> None:
        """Raises `UsageError` if `output`, which exists, is or contains an input."""
        if self._files is None:
            self._files = dict(self._known())
        given = None
        with suppress(OSError):
            state = output.stat()
            given = self._files.get((state.st_dev, state.st_ino))
        if given is None and output.is_dir():
            inside = (
                path for path in self._paths if path.resolve().is_relative_to(output.resolve())
            )
            given = next(inside, None)
        if given is not None:
            raise UsageError(
                "the output is one of the inputs",
                given=str(output) if output == given else f"{output}, which is or contains {given}",
                expected="another name; --overwrite does not replace inputs",
                advice="use another output",
            )

    def _known(self) -> Iterator[tuple[tuple[int, int], Path]]:
        for path in self._paths:
            for file in (path, *(files_in(path) if path.is_dir() else ())):
                with suppress(OSError):
                    state = file.stat()
                    yield (state.st_dev, state.st_ino), file


def require_replaceable(output: Path) -> None:
    """Make sure that a folder is empty or contains only our frames, so that it may be replaced.

    Raises:
        OutputError: it contains other files, or is not a folder.
    """
    if not output.exists():
        return
    with suppress(NotADirectoryError):
        files = sorted(output.iterdir())
        counted = all(file.name == f"{place:06d}.png" for place, file in enumerate(files))
        if counted and all(is_synthetic(file) for file in files):
            return
    raise OutputError(
        f"{output} contains other files",
        given="a folder that is not empty" if output.is_dir() else "a file",
        expected="a new folder, an empty one, or an earlier result",
        advice="use another folder, or empty this one",
    )


@contextmanager
def scratch(output: Path) -> Iterator[Path]:
    """A hidden folder for temporary files beside `output`, which is locked while the block runs.

    The folder is removed at the end, and at the start if a killed process left one.

    Raises:
        OutputError: another run is writing this output, or the folder cannot be made.
    """
    folder = output.absolute().with_name(f".{output.name}{WORK}")
    with locked(output):
        remove(folder)
        make_folder(folder)
        try:
            yield folder
        finally:
            remove(folder)


def remove(path: Path) -> None:
    """Remove a file, link or folder of ours if possible."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
