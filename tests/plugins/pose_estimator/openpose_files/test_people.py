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
    ],
)
def test_other_files_are_errors_that_name_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.json is no JSON file of OpenPose") as caught:
        read_people(path)
    assert str(path) in caught.value.given
