"""Whose square it is: skeletons with gaps, and agreement with what the network sees."""

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork, PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.parser.taps.locate import PAIRS, agrees, completed, locate_person

J = Joint


def body(*joints: tuple[Joint, float, float]) -> np.ndarray:
    result = np.zeros((25, 3))
    for joint, x, y in joints:
        result[joint] = x, y, 1
    return result


def answer(skeleton: np.ndarray, moved: float = 0.0, flag: float = 1.0) -> PoseResult:
    """A pose network that sees that skeleton, moved to the right, in a square of 200."""
    landmarks = np.zeros((33, 3))
    for joint, landmark in PAIRS:
        landmarks[landmark, :2] = skeleton[joint, :2] + [moved, 0]
    return PoseResult(
        roi=Roi(50.0, 100.0, 200.0, 0.0),
        flag=flag,
        landmarks=landmarks,
        visibility=np.ones(33),
        presence=np.ones(33),
        circle=np.zeros((2, 2)),
        world=np.zeros((33, 3)),
        segmentation=np.zeros((256, 256), np.float32),
        feature_outputs=(),
    )


def test_a_hidden_shoulder_is_where_the_other_is() -> None:
    found = completed(body((J.L_SHOULDER, 40, 50), (J.L_HIP, 42, 100), (J.R_HIP, 30, 100)))
    assert found[J.R_SHOULDER].tolist() == [40, 50, 1]
    assert found[J.R_HIP].tolist() == [30, 100, 1]


def test_hips_below_the_photo_hang_from_the_shoulders() -> None:
    found = completed(body((J.NOSE, 50, 20), (J.L_SHOULDER, 70, 50), (J.R_SHOULDER, 30, 50)))
    assert found[J.L_HIP, :2] == pytest.approx([70, 50 + 1.5 * 40])
    assert found[J.R_HIP, :2] == pytest.approx([30, 50 + 1.5 * 40])


def test_what_is_seen_stays() -> None:
    whole = body(*((joint, float(joint) * 3 + 1, 7.0) for joint in Joint))
    assert (completed(whole) == whole).all()


def test_agreement_is_about_the_person_and_about_being_one() -> None:
    skeleton = body((J.NOSE, 50, 20), (J.L_SHOULDER, 70, 50), (J.R_SHOULDER, 30, 50))
    assert agrees(answer(skeleton), skeleton)
    assert agrees(answer(skeleton, moved=15), skeleton)
    assert not agrees(answer(skeleton, moved=17), skeleton)
    assert not agrees(answer(skeleton, flag=0.4), skeleton)


def test_joints_in_common_are_named_alike() -> None:
    for joint, landmark in PAIRS:
        assert joint.name.replace("BIG_", "") == landmark.name


def test_nobody_is_seen_without_a_torso(runtime: Runtime) -> None:
    picture = np.zeros((60, 50, 3), np.uint8)
    assert locate_person(PoseNetwork(runtime), picture, np.zeros((25, 3))) is None
    assert locate_person(PoseNetwork(runtime), picture, body((J.R_KNEE, 10, 10))) is None


def test_joints_of_the_skeleton_hold_where_the_network_sees_nobody(
    runtime: Runtime, drawn: Drawn
) -> None:
    skeleton = drawn.skeleton.body[0].double().numpy()
    found = locate_person(PoseNetwork(runtime), np.zeros((223, 167, 3), np.uint8), skeleton)
    assert found is not None
    for joint, landmark in PAIRS:
        if skeleton[joint, 2] > 0:
            assert found.points[landmark] == pytest.approx(skeleton[joint, :2])
