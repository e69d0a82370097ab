import json
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor_plugins.pose_estimator.openpose_files.people import COCO, from_coco, read_people


def person(points: int = 25, x: float = 10.0, sure: float = 0.5, **more: Any) -> dict[str, Any]:
    """Somebody whose point k is at x + k, 2 k."""
    flat = [value for k in range(points) for value in (x + k, 2.0 * k, sure)]
    return {"pose_keypoints_2d": flat, **more}


def write(folder: Path, *people: dict[str, Any]) -> Path:
    path = folder / "it_keypoints.json"
    path.write_text(json.dumps({"version": 1.3, "people": people}), encoding="utf-8")
    return path


def test_body_hands_and_face_are_read(tmp_path: Path) -> None:
    hand = [value for k in range(21) for value in (k, k, 0.25)]
    face = [value for k in range(70) for value in (k, 3 * k, 0.75)]
    one = person(hand_left_keypoints_2d=hand, face_keypoints_2d=face)
    skeleton = read_people(write(tmp_path, one)).skeleton
    assert skeleton.body[0, Joint.L_HEEL].tolist() == [31, 42, 0.5]
    assert skeleton.hands[0, 0, 20].tolist() == [20, 20, 0.25]
    assert not skeleton.hands[0, 1].any()
    assert skeleton.face[0, 69].tolist() == [69, 207, 0.75]
    assert skeleton.world is None


def test_people_are_sorted_by_mean_confidence_and_nobody_is_dropped_but_the_unseen(
    tmp_path: Path,
) -> None:
    people = read_people(
        write(tmp_path, person(x=1, sure=0.25), person(x=2, sure=0), person(x=3, sure=0.75))
    )
    assert people.score.tolist() == [0.75, 0.25]
    assert people.skeleton.body[:, 0, 0].tolist() == [3, 1]


def test_the_box_is_around_what_was_seen(tmp_path: Path) -> None:
    one = person(x=10, sure=0.5)
    one["pose_keypoints_2d"][-3:] = [900, 900, 0.01]
    one["face_keypoints_2d"] = [5.0, -3.0, 0.9] + [0.0] * 207
    assert read_people(write(tmp_path, one)).box.tolist() == [[5, -3, 33, 46]]


def test_a_person_seen_badly_everywhere_still_has_a_box(tmp_path: Path) -> None:
    one = person(sure=0.01)
    one["pose_keypoints_2d"][2] = 0.02
    assert read_people(write(tmp_path, one)).box.tolist() == [[10, 0, 10, 0]]


def test_nobody(tmp_path: Path) -> None:
    assert len(read_people(write(tmp_path))) == 0


def test_confidences_above_one_are_one(tmp_path: Path) -> None:
    assert float(read_people(write(tmp_path, person(sure=1.07))).skeleton.body[..., 2].max()) == 1


def test_coco_points_find_their_joints(tmp_path: Path) -> None:
    body = read_people(write(tmp_path, person(18))).skeleton.body[0]
    for k, joint in enumerate(COCO):
        assert body[joint].tolist() == [10 + k, 2 * k, 0.5]
    # Hips are COCO's 8 and 11.
    assert body[Joint.MID_HIP].tolist() == [10 + 9.5, 19, 0.5]
    assert not body[Joint.L_BIG_TOE :].any()


def test_the_middle_of_the_hips_is_as_sure_as_the_worse_hip() -> None:
    body = torch.ones(18, 3)
    body[8, 2] = 0
    assert from_coco(body)[Joint.MID_HIP, 2] == 0


def test_files_of_old_versions_are_read(tmp_path: Path) -> None:
    old = {"pose_keypoints": person(18)["pose_keypoints_2d"]}
    assert len(read_people(write(tmp_path, old))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}',
        '{"people": [{"pose_keypoints_2d": "x"}]}',
        '{"people": ["x"]}',
        '{"people": [{"pose_keypoints_2d": [NaN' + ", 1" * 74 + "]}]}",
        '{"people": [{"pose_keypoints_2d": [1e999' + ", 1" * 74 + "]}]}",
        '{"people": [{"pose_keypoints_2d": [' + "1, 1, 90, " * 24 + "1, 1, 90]}]}",
        '{"people": [{"pose_keypoints_2d": [null' + ", 1" * 74 + "]}]}",
        '{"people": [{"pose_keypoints_2d": [' + ("9" * 400 + ", 1, 1, ") * 24 + "1, 1, 1]}]}",
        '{"people": [{"pose_keypoints_2d": {}}]}',
        '[{"people": []}, {"people": []}]',
        '{"people": ' + "[" * 100_000,
        "",
    ],
)
def test_other_files_are_errors_that_name_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.json is not") as caught:
        read_people(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("points", [15, 17, 19, 84, 135])
def test_other_schemes_of_points_are_refused(tmp_path: Path, points: int) -> None:
    with pytest.raises(InputError, match=f"{3 * points} numbers for pose"):
        read_people(write(tmp_path, person(points)))


def test_a_missing_column_of_confidences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="42 numbers for hand_left"):
        read_people(write(tmp_path, person(hand_left_keypoints_2d=[5.0] * 42)))


def test_null_is_nothing_found(tmp_path: Path) -> None:
    nothing = {"pose_keypoints_2d": None, "face_keypoints_2d": None}
    hands = person(face_keypoints_2d=None, hand_left_keypoints_2d=None)
    people = read_people(write(tmp_path, nothing, hands))
    assert len(people) == 1
    assert not people.skeleton.face.any()


def test_a_face_without_pupils_has_none(tmp_path: Path) -> None:
    face = [value for k in range(68) for value in (k + 1, 2, 0.5)]
    found = read_people(write(tmp_path, person(face_keypoints_2d=face))).skeleton.face[0]
    assert found[67].tolist() == [68, 2, 0.5]
    assert not found[68:].any()


@pytest.mark.parametrize("sure", [0, -1])
def test_points_without_confidence_are_unknown_wherever_they_are_said_to_be(
    tmp_path: Path, sure: float
) -> None:
    one = person()
    one["pose_keypoints_2d"][12:15] = [-1, -1, sure]
    people = read_people(write(tmp_path, one), (100, 100))
    assert people.skeleton.body[0, 4].tolist() == [0, 0, 0]
    assert people.box.tolist() == [[10, 0, 34, 48]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_that_editors_and_shells_write_are_read(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, person())
    path.write_text(path.read_text("utf-8").replace("\n", "\r\n"), encoding=encoding)
    assert len(read_people(path)) == 1
