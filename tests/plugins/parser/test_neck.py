"""Where the face ends and the neck begins."""

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.parser.neck import CHIN, split_neck


def head(turned: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, body and face of a head seen from the front, the chin at y = 60, or upside down."""
    labels = np.full((120, 100), int(Label.FACE), np.uint8)
    labels[100:] = Label.UPPER_CLOTHES
    body, face = np.zeros((25, 3)), np.zeros((70, 3))
    body[Joint.NOSE], body[Joint.NECK] = (50, 40, 1), (50, 90, 1)
    angle = np.linspace(0, np.pi, 17)
    face[:17] = np.stack([50 - 20 * np.cos(angle), 30 + 30 * np.sin(angle), np.ones(17)], 1)
    if turned:
        labels = labels[::-1, ::-1].copy()
        for points in (body, face):
            points[:, :2] = np.where(points[:, 2:] > 0, [99, 119] - points[:, :2], 0)
    return labels, body, face


@pytest.mark.parametrize("turned", [False, True])
def test_the_jaw_parts_face_and_neck(turned: bool) -> None:
    labels, body, face = head(turned)
    found = split_neck(labels, body, face)
    if turned:
        found, labels = found[::-1, ::-1], labels[::-1, ::-1]
    assert (found[:28] == Label.FACE).all()
    assert (found[31:58, 50] == Label.FACE).all()
    assert (found[63:100, 50] == Label.TORSO_SKIN).all()
    assert (found[35:100, [5, 95]] == Label.TORSO_SKIN).all()
    assert (found[100:] == Label.UPPER_CLOTHES).all()
    assert (labels[:100] == Label.FACE).all()


def test_without_a_jaw_the_chin_is_a_share_of_the_way_to_the_neck() -> None:
    labels, body, _ = head()
    found = split_neck(labels, body, np.zeros((70, 3)))
    chin = 40 + CHIN * 50
    assert (found[: int(chin), 20:80] == Label.FACE).all()
    assert (found[int(chin) + 2 : 100, 20:80] == Label.TORSO_SKIN).all()


def test_without_a_head_labels_stay() -> None:
    labels, _, face = head()
    assert split_neck(labels, np.zeros((25, 3)), face) is labels
