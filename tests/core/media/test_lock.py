"""One run at a time writes an output."""

import errno
import os
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest

from reenactor.errors import OutputError
from reenactor.media.lock import locked


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_lock_is_exclusive_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.mp4"
    with locked(path):
        with pytest.raises(OutputError, match="another run is writing") as caught, locked(path):
            pass
        assert caught.value.given == f"process {os.getpid()}"
        with locked(path.with_name("other.mp4")):
            pass
    with locked(path):
        pass
    assert names(path.parent) == []


HOLD = """
import sys, time
from pathlib import Path
from reenactor.media.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match="another run") as caught, locked(path):
            pass
        assert caught.value.given == f"process {process.pid}"
        process.kill()
    with locked(path):
        pass
    assert names(tmp_path) == []


def test_what_two_runs_share_is_held_however_else_they_differ(tmp_path: Path) -> None:
    one, shared, other = (tmp_path / name for name in ("a.mp4", "a.mask.mp4", "a.webm"))
    with locked(one, shared):
        with pytest.raises(OutputError, match=r"is writing .*a\.mask\.mp4"), locked(other, shared):
            pass
        with locked(other):
            pass
    with locked(other, shared, shared):
        pass
    assert names(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_leaves_no_lock_and_the_output_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    out = tmp_path / "out.mp4"

    class Full(FileIO):
        def write(self, content: object) -> int:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "open", lambda path, *given, **more: Full(path, "a+"))
    with pytest.raises(OutputError, match=r"no space left for .*/out\.mp4") as caught, locked(out):
        pass
    assert "lock" not in str(caught.value)
    assert names(tmp_path) == []


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_where_nothing_may_be_written_the_output_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    out = tmp_path / "out.mp4"

    def refused(path: Path, *given: object, **more: object) -> FileIO:
        raise OSError(code, os.strerror(code), os.fspath(path))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(OutputError, match=r"/out\.mp4 cannot be written") as caught, locked(out):
        pass
    assert "lock" not in str(caught.value)


@pytest.mark.parametrize(
    "what", ["a link", "a named pipe", "a folder", "a file of another program"]
)
def test_what_is_no_lock_is_not_touched(tmp_path: Path, what: str) -> None:
    lock, mine = tmp_path / ".out.mp4.lock", tmp_path / "mine"
    mine.write_text("mine")
    if what == "a link":
        lock.symlink_to(mine)
    elif what == "a named pipe":
        os.mkfifo(lock)
    elif what == "a folder":
        lock.mkdir()
    else:
        mine.rename(lock)
    with pytest.raises(OutputError, match="is not a lock") as caught, locked(tmp_path / "out.mp4"):
        pass
    assert caught.value.given.startswith(what)
    assert (lock if what.startswith("a file") else mine).read_text() == "mine"


@pytest.mark.parametrize("left", [b"", b"process 12\n", b"\nprocess 12\n", bytes(20)])
def test_the_lock_of_a_killed_run_is_no_obstacle(tmp_path: Path, left: bytes) -> None:
    (tmp_path / ".out.mp4.lock").write_bytes(left)
    (tmp_path / ".out.mp4.0123abcd.part").write_bytes(b"half")
    with locked(tmp_path / "out.mp4"):
        assert names(tmp_path) == [".out.mp4.lock"]
    assert names(tmp_path) == []
