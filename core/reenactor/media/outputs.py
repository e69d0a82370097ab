"""Before any work: nothing that is there is replaced unasked, and no input ever."""

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
"""Bytes that the names of half-made things and locks have more than the output's name."""
WORK = ".reenactor-work"
"""How the names of hidden folders for half-made things end."""
_LONGEST = 255
"""Bytes of a name that every common file system takes."""

Own = Callable[[Path], bool]
"""Whether something that is there is the job's own work, which it may replace."""


def nothing_own(path: Path) -> bool:
    """Of a command that never left anything behind."""
    del path
    return False


def require_free(
    outputs: Iterable[Path],
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
    kind: Format | None = None,
    own: Own = nothing_own,
    advice: str = "another name, or --overwrite",
) -> None:
    """Make sure, before any work, that writing `outputs` destroys nothing.

    Args:
        outputs: files; folders or patterns of frames where `kind` is `Format.FRAMES`.
        inputs: files and folders that are read.
        overwrite: whether the user allows to replace outputs, though never inputs.
        kind: the format of all outputs, if they are videos or frames.
        own: what is there may be replaced where this says so.
        advice: what to do about an output that is there already.

    Raises:
        UsageError: an output is there already, or is an input: by its name, through a link, or
            as another name of the same file.
        OutputError: a name is too long, or something that cannot be replaced is in the way.
    """
    read = _Inputs(inputs)
    frames = kind is Format.FRAMES
    for output in outputs:
        require_short(frame_path(output, 0) if frames else output)
        require_short(output)
        for path in _in_the_way(output, frames):
            read.require_other(path)
            _require_kind(path, folder=frames and path == output)
            if not overwrite and not own(path):
                raise UsageError("the output is there already", given=str(path), advice=advice)
            if frames and path == output:
                require_replaceable(path)


def require_short(output: Path) -> None:
    """Raises `OutputError` where an output's name leaves no room for those of half-made files."""
    size = len(os.fsencode(output.name))
    if size + _HIDDEN > _LONGEST:
        raise OutputError(
            "the name of the output is too long",
            given=f"{size} bytes: {output.name[:40]}…",
            expected=f"at most {_LONGEST - _HIDDEN} bytes",
            advice="choose a shorter name",
        )


def _in_the_way(output: Path, frames: bool) -> list[Path]:
    """What is there now and would be replaced."""
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
    """Make sure that what is in the way is a folder where one is to be written, else a file.

    A link to a file, or to nothing, is replaced as a file is. Nobody means to replace a link to
    a folder, a pipe, a socket or a device.

    Raises:
        OutputError: it is something else.
    """
    wanted = ("a folder",) if folder else ("a file", "a link", "a link to a file")
    try:
        given = what_is(path)
    except OSError as error:
        raise output_error(path, error) from error
    if given not in wanted:
        raise OutputError(
            f"{given} is where {path} shall be written",
            given=given,
            expected=f"{wanted[0]} to replace, or nothing",
            advice="choose another output, or move what is there",
        )


class _Inputs:
    """Files that must stay as they are."""

    def __init__(self, inputs: Iterable[Path]) -> None:
        self._paths = tuple(inputs)
        self._files: dict[tuple[int, int], Path] | None = None

    def require_other(self, output: Path) -> None:
        """Raises `UsageError` where `output`, which is there, is an input or holds one."""
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
                "the output is there already, and is one of the inputs",
                given=str(output) if output == given else f"{output}, which is or holds {given}",
                expected="an output of another name; --overwrite does not replace inputs",
                advice="choose another output",
            )

    def _known(self) -> Iterator[tuple[tuple[int, int], Path]]:
        for path in self._paths:
            for file in (path, *(files_in(path) if path.is_dir() else ())):
                with suppress(OSError):
                    state = file.stat()
                    yield (state.st_dev, state.st_ino), file


def require_replaceable(output: Path) -> None:
    """A folder may be replaced if it is empty or holds our frames and nothing else.

    Raises:
        OutputError: it is another folder, or no folder.
    """
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


@contextmanager
def scratch(output: Path) -> Iterator[Path]:
    """A hidden folder beside `output` for what is half made, held for this process.

    It is removed at the end; what a killed process left in it is removed at the beginning.

    Raises:
        OutputError: another run writes this output, or the folder cannot be made.
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
    """Remove a file, link or folder of ours, if it is there and can be removed."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
