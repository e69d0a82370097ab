"""What is there is not replaced unasked, and inputs never."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import OutputError, UsageError
from reenactor.media.formats import Format
from reenactor.media.mark import marked
from reenactor.media.outputs import require_free, scratch
from reenactor.media.photo import write_photo

PICTURE = np.zeros((4, 4, 3), np.uint8)


def bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.fspath(path))


def test_new_names_are_free(tmp_path: Path) -> None:
    require_free([tmp_path / "a.mp4", tmp_path / "new" / "a.json"])
    require_free([tmp_path / "frames", tmp_path / "p_%06d.png"], kind=Format.FRAMES)


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere")])
def test_whatever_is_there_is_not_replaced_unasked(tmp_path: Path, make: object) -> None:
    make(tmp_path / "a.mp4")  # type: ignore[operator]
    with pytest.raises(UsageError, match="already exists"):
        require_free([tmp_path / "b.mp4", tmp_path / "a.mp4"])


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        ("%06d.png", "000003.png", True),
        ("%06d.png", "1234567.png", True),
        ("%d.png", "12.png", True),
        ("%06d.png", "3.png", False),
        ("%d.png", "012.png", False),
        ("dance_%04d.png", "dance_0000.png", True),
        ("dance_%04d.png", "other_0000.png", False),
        ("dance_%04d.png", "dance_0000.jpg", False),
    ],
)
def test_files_of_a_patterns_names(tmp_path: Path, pattern: str, name: str, taken: bool) -> None:
    (tmp_path / name).write_bytes(b"a photo")
    if not taken:
        require_free([tmp_path / pattern], kind=Format.FRAMES)
        return
    with pytest.raises(UsageError, match="already exists"):
        require_free([tmp_path / pattern], kind=Format.FRAMES)
    require_free([tmp_path / pattern], overwrite=True, kind=Format.FRAMES)
    with pytest.raises(UsageError, match="one of the inputs"):
        require_free([tmp_path / pattern], [tmp_path / name], True, Format.FRAMES)


def test_an_input_is_no_output_by_any_of_its_names(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a photo")
    (tmp_path / "link.mp4").symlink_to(photo)
    os.link(photo, tmp_path / "hard.mp4")
    (tmp_path / "here").symlink_to(tmp_path)
    for name in ("photo.jpg", "link.mp4", "hard.mp4", "here/photo.jpg", "here/here/hard.mp4"):
        with pytest.raises(UsageError, match="one of the inputs"):
            require_free([tmp_path / name], [photo], overwrite=True)


def test_a_file_of_a_folder_that_is_read_is_an_input(tmp_path: Path) -> None:
    folder = tmp_path / "keypoints" / "dance"
    folder.mkdir(parents=True)
    (folder / "000000.json").write_text("{}")
    with pytest.raises(UsageError, match="one of the inputs"):
        require_free([folder / "000000.json"], [tmp_path / "keypoints"], overwrite=True)
    require_free([folder / "000001.json"], [tmp_path / "keypoints"])


def test_a_folder_that_holds_an_input_is_not_replaced(tmp_path: Path) -> None:
    for number in range(2):
        write_photo(tmp_path / "old" / f"{number:06d}.png", PICTURE, marked())
    require_free([tmp_path / "old"], overwrite=True, kind=Format.FRAMES)
    for given in (tmp_path / "old", tmp_path / "old" / "000001.png"):
        with pytest.raises(UsageError, match="one of the inputs"):
            require_free([tmp_path / "old"], [given], True, Format.FRAMES)


def test_what_cannot_be_replaced_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    write_photo(tmp_path / "frames" / "000000.png", PICTURE)  # not marked: not ours
    with pytest.raises(OutputError, match="contains other files"):
        require_free([tmp_path / "frames"], overwrite=True, kind=Format.FRAMES)
    with pytest.raises(OutputError, match="cannot be replaced"):
        require_free([tmp_path / "frames"], overwrite=True)


@pytest.mark.parametrize(("length", "fits"), [(255, False), (240, False), (230, True)])
def test_names_that_leave_no_room_for_half_made_files(
    tmp_path: Path, length: int, fits: bool
) -> None:
    name = "ü" * 100 + "x" * (length - 204) + ".mp4"
    assert len(name.encode()) == length
    if fits:
        require_free([tmp_path / name])
        with scratch(tmp_path / name) as folder:
            assert folder.is_dir()
        return
    with pytest.raises(OutputError, match="too long"):
        require_free([tmp_path / name])


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("kind", [None, Format.FRAMES])
@pytest.mark.parametrize(
    ("what", "make"),
    [
        ("a named pipe", os.mkfifo),
        ("a socket", bind),
        ("a link to a device", lambda path: path.symlink_to("/dev/null")),
        ("a link to a folder", lambda path: path.symlink_to(path.parent)),
    ],
)
def test_what_nobody_means_to_replace_is_not_replaced(
    tmp_path: Path, what: str, make: Callable[[Path], None], kind: Format | None, overwrite: bool
) -> None:
    path = tmp_path / "out"
    make(path)
    with pytest.raises(OutputError, match=what):
        require_free([path], overwrite=overwrite, kind=kind)
    path.rename(tmp_path / "out7.png")
    with pytest.raises(OutputError, match=what):
        require_free([tmp_path / "out%d.png"], overwrite=overwrite, kind=Format.FRAMES)


def test_a_device_is_not_replaced() -> None:
    with pytest.raises(OutputError, match="/dev/null cannot be replaced"):
        require_free([Path("/dev/null")], overwrite=True)


def test_a_link_to_a_file_or_to_nothing_is_replaced_where_that_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for far in ("file", "nothing"):
        (tmp_path / far).with_suffix(".mp4").symlink_to(far)
        require_free([tmp_path / f"{far}.mp4"], overwrite=True)


def test_frames_are_not_put_where_a_folder_has_the_name_of_one(tmp_path: Path) -> None:
    (tmp_path / "000001.png").mkdir()
    with pytest.raises(OutputError, match="cannot be replaced"):
        require_free([tmp_path / "%06d.png"], overwrite=True, kind=Format.FRAMES)


def test_a_pattern_whose_frames_have_names_that_are_too_long(tmp_path: Path) -> None:
    require_free([tmp_path / f"{'x' * 150}%050d.png"], kind=Format.FRAMES)
    with pytest.raises(OutputError, match="too long"):
        require_free([tmp_path / f"{'x' * 150}%090d.png"], kind=Format.FRAMES)


def test_a_path_longer_than_the_system_takes(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d" * 200] * 25, "a.mp4")
    with pytest.raises(OutputError, match="cannot be written"):
        require_free([deep])


def test_a_scratch_folder_begins_empty_and_goes(tmp_path: Path) -> None:
    with scratch(tmp_path / "a.mp4") as folder:
        (folder / "half").touch()
        kept = folder
        os.rename(folder, tmp_path / "aside")  # noqa: PTH104
    os.rename(tmp_path / "aside", kept)  # noqa: PTH104  # as if the process had been killed
    with scratch(tmp_path / "a.mp4") as folder:
        assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
