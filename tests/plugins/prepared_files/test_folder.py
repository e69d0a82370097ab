from collections.abc import Iterable
from pathlib import Path

import pytest

from reenactor.errors import InputError
from reenactor_plugins.prepared_files.folder import PreparedFolder


def _fill(folder: Path, *names: str) -> PreparedFolder:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return PreparedFolder(folder, ".json")


def _name(path: Path | None) -> str | None:
    return None if path is None else path.name


def test_openposes_own_names_for_a_video(tmp_path: Path) -> None:
    files = _fill(
        tmp_path,
        "dance_000000000000_keypoints.json",
        "dance_000000000001_keypoints.json",
        "dancer_000000000000_keypoints.json",
    )
    assert _name(files.file("dance", 1)) == "dance_000000000001_keypoints.json"
    assert files.file("dance", 2) is None


def test_a_folder_of_frames_may_begin_with_any_number(tmp_path: Path) -> None:
    files = _fill(tmp_path, "dance/frame000100.json", "dance/frame000101.json", "dance/x.txt")
    assert _name(files.file("dance", 0)) == "frame000100.json"
    assert _name(files.file("dance", 1)) == "frame000101.json"


def test_a_missing_number_is_a_frame_without_a_file(tmp_path: Path) -> None:
    files = _fill(tmp_path, "dance/1.json", "dance/2.json", "dance/4.json")
    assert [_name(files.file("dance", i)) for i in range(5)] == [
        "1.json",
        "2.json",
        None,
        "4.json",
        None,
    ]


def test_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    files = _fill(tmp_path, "dance/frame_9.json", "dance/frame_10.json")
    assert _name(files.file("dance", 1)) == "frame_10.json"


def test_the_folder_itself_may_bear_the_sources_name(tmp_path: Path) -> None:
    _fill(tmp_path / "dance", "7.json")
    assert _name(PreparedFolder(tmp_path / "dance", ".json").file("dance", 0)) == "7.json"


@pytest.mark.parametrize("name", ["00891_00.json", "00891_00_keypoints.json"])
def test_a_photo_has_one_file_of_its_name(tmp_path: Path, name: str) -> None:
    files = _fill(tmp_path, name, "00891_01_keypoints.json", "00892_00_keypoints.json")
    assert _name(files.file("00891_00", 0)) == name
    assert files.file("00891_00", 1) is None


def test_driver_and_target_may_share_a_folder(tmp_path: Path) -> None:
    files = _fill(tmp_path, "me.json", "dance/000.json", "dance/001.json")
    assert _name(files.file("me", 0)) == "me.json"
    assert _name(files.file("dance", 1)) == "001.json"


def test_a_source_without_files_is_an_error_that_names_it(tmp_path: Path) -> None:
    files = _fill(tmp_path, "other_000.json", "danceless.json")
    with pytest.raises(InputError, match="'dance'") as caught:
        files.file("dance", 0)
    assert "dance.json" in caught.value.expected
    assert str(tmp_path / "dance") in caught.value.advice


def test_two_files_for_one_frame_are_an_error(tmp_path: Path) -> None:
    files = _fill(tmp_path, "dance/a_1.json", "dance/b_1.json")
    with pytest.raises(InputError, match=r"a_1\.json and b_1\.json"):
        files.file("dance", 0)
    both = _fill(tmp_path, "me.json", "me_keypoints.json")
    with pytest.raises(InputError, match="same frame"):
        both.file("me", 0)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist"):
        PreparedFolder(tmp_path / "nowhere", ".json")


def numbered(folder: Path, numbers: Iterable[int], name: str = "{:06}.json") -> PreparedFolder:
    return _fill(folder, *(f"dance/{name.format(number)}" for number in numbers))


@pytest.mark.parametrize(
    ("numbers", "name", "expected"),
    [
        (range(10), "{:06}.json", {0: 0, 9: 9}),
        (range(1, 11), "{:06}.json", {0: 1, 9: 10}),
        (range(100, 110), "{:06}.json", {0: 100, 9: 109}),
        (range(4, 10), "{:06}.json", {0: None, 3: None, 4: 4, 9: 9}),  # it starts later
        (range(6), "{:06}.json", {0: 0, 5: 5, 6: None}),
        (range(1, 10), "{:06}.json", {0: 1, 9: None}),
        (range(1, 10), "d_{:012}_keypoints.json", {0: None, 1: 1}),  # OpenPose counts from 0
        (range(1, 11), "d_{:012}_keypoints.json", {0: 1, 9: 10}),
    ],
)
def test_numbers_are_those_of_the_frames_where_they_fit(
    tmp_path: Path, numbers: range, name: str, expected: dict[int, int | None]
) -> None:
    files = numbered(tmp_path, numbers, name)
    found = {frame: _name(files.file("dance", frame, 10)) for frame in expected}
    assert found == {
        frame: None if number is None else name.format(number) for frame, number in expected.items()
    }


@pytest.mark.parametrize(
    "numbers",
    [
        range(5),  # made at half the rate, or of half of the video
        range(0, 10, 2),
        range(11),
        range(20),
        [*range(9), 500],
        range(95, 99),
    ],
)
def test_too_few_and_too_many_files_belong_to_another_video(
    tmp_path: Path, numbers: Iterable[int]
) -> None:
    with pytest.raises(InputError, match="another video") as caught:
        numbered(tmp_path, numbers).file("dance", 0, 10)
    assert "10 frames" in caught.value.expected


def test_a_photo_and_a_video_of_one_name_have_their_own_files(tmp_path: Path) -> None:
    names = [f"dance_{number:012}_keypoints.json" for number in range(3)]
    files = _fill(tmp_path, "dance_keypoints.json", *names)
    assert _name(files.file("dance", 0, 1)) == "dance_keypoints.json"
    assert _name(files.file("dance", 0, 3)) == names[0]
    inside = _fill(tmp_path / "b", "dance.json", *(f"dance/{name}" for name in names))
    assert _name(inside.file("dance", 0, 1)) == "dance.json"
    assert _name(inside.file("dance", 2, 3)) == names[2]
