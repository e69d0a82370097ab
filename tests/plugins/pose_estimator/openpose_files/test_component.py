import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.values import Extent, Frames
from reenactor_plugins.pose_estimator.openpose_files.component import OpenPoseFiles
from reenactor_plugins.pose_estimator.openpose_files.options import OpenPoseFilesOptions

FIXTURES = Path(__file__).parents[5] / "shared" / "data" / "fixtures"


def frames(name: str, *index: int, size: tuple[int, int] = (8, 8)) -> Frames:
    return Frames(torch.zeros(len(index), *size, 3, dtype=torch.uint8), index, name)


def test_each_frame_has_the_people_of_its_file(tmp_path: Path, shipped: Runtime) -> None:
    for number, x in ((0, 5.0), (2, 7.0)):
        people = [{"pose_keypoints_2d": [x, 1, 1] * 25}]
        path = tmp_path / f"dance_{number:012}_keypoints.json"
        path.write_text(json.dumps({"people": people}), encoding="utf-8")
    estimator = OpenPoseFiles(OpenPoseFilesOptions(folder=tmp_path), shipped)
    found = estimator.estimate(frames("dance", 2, 1, 0))
    assert [len(people) for people in found] == [1, 0, 1]
    assert found[0].skeleton.body[0, 0].tolist() == [7, 1, 1]


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the true OpenPose files are not here")
def test_true_files_are_read(shipped: Runtime) -> None:
    folder = FIXTURES / "densepose-openpose" / "poses-openpose"
    estimator = OpenPoseFiles(OpenPoseFilesOptions(folder=folder), shipped)
    people = estimator.estimate(frames("001_001", 0, 4, size=(1080, 1920)))[0]
    assert people.skeleton.body[0, Joint.NOSE].tolist() == pytest.approx(
        [989.392, 409.487, 0.896952]
    )
    photos = OpenPoseFiles(
        OpenPoseFilesOptions(folder=FIXTURES / "viton-hd" / "openpose-json"), shipped
    )
    (person,) = photos.estimate(frames("00891_00", 0, size=(1024, 768)))
    assert person.skeleton.hands[0, 0, 0].tolist() == pytest.approx([391.428, 717.351, 0.740206])


def test_files_for_half_of_the_frames_are_refused_before_anybody_dances(
    tmp_path: Path, shipped: Runtime
) -> None:
    for number in range(6):
        (tmp_path / f"dance_{number:012}_keypoints.json").write_text('{"people": []}')
    estimator = OpenPoseFiles(OpenPoseFilesOptions(folder=tmp_path), shipped)
    video = replace(frames("dance", 0, 1), extent=Extent(12, (8, 8)))
    with pytest.raises(InputError, match="another video") as caught:
        estimator.estimate(video)
    assert "6 files" in caught.value.given
    assert "12 frames" in caught.value.expected
