"""What is there is not replaced unasked, and inputs never."""

import os
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import OutputError, UsageError
from reenactor.media.formats import Format
from reenactor.media.mark import marked
from reenactor.media.outputs import require_free, scratch, tidy
from reenactor.media.photo import write_photo

PICTURE = np.zeros((4, 4, 3), np.uint8)


def test_new_names_are_free(tmp_path: Path) -> None:
    require_free([tmp_path / "a.mp4", tmp_path / "new" / "a.json"])
    require_free([tmp_path / "frames", tmp_path / "p_%06d.png"], kind=Format.FRAMES)


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere")])
def test_whatever_is_there_is_not_replaced_unasked(tmp_path: Path, make: object) -> None:
    make(tmp_path / "a.mp4")  # type: ignore[operator]
    with pytest.raises(UsageError, match="there already"):
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
    with pytest.raises(UsageError, match="there already"):
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
    with pytest.raises(OutputError, match="holds other files"):
        require_free([tmp_path / "frames"], overwrite=True, kind=Format.FRAMES)
    with pytest.raises(OutputError, match="a folder is where"):
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


def test_a_path_longer_than_the_system_takes(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d" * 200] * 25, "a.mp4")
    with pytest.raises(OutputError, match="cannot be written"):
        require_free([deep])


def test_half_made_files_of_killed_writers_go_and_others_stay(tmp_path: Path) -> None:
    for name in (".a.mp4.0123abcd.part", ".a.mp4.part", ".b.mp4.0123abcd.part", "a.mp4.part"):
        (tmp_path / name).touch()
    tidy(tmp_path / "a.mp4")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".a.mp4.part", ".b.mp4.0123abcd.part", "a.mp4.part"]


def test_a_scratch_folder_begins_empty_and_goes(tmp_path: Path) -> None:
    with scratch(tmp_path / "a.mp4") as folder:
        (folder / "half").touch()
        kept = folder
        os.rename(folder, tmp_path / "aside")  # noqa: PTH104
    os.rename(tmp_path / "aside", kept)  # noqa: PTH104  # as if the process had been killed
    with scratch(tmp_path / "a.mp4") as folder:
        assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
