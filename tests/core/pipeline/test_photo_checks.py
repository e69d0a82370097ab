"""What a photo shows too little of."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.media.photo import Photo
from reenactor.pipeline.photo_checks import cut_side, foreshortened, label_warnings, photo_warnings
from reenactor.values import Skeleton

J = Joint
METRES = {
    J.NOSE: (0.0, -0.7, -0.1), J.NECK: (0.0, -0.5, 0.0), J.MID_HIP: (0.0, 0.0, 0.0),
    J.L_SHOULDER: (0.17, -0.5, 0.0), J.L_ELBOW: (0.25, -0.24, 0.0), J.L_WRIST: (0.3, 0.0, -0.1),
    J.R_SHOULDER: (-0.17, -0.5, 0.0), J.R_ELBOW: (-0.25, -0.24, 0.0), J.R_WRIST: (-0.3, 0.0, -0.1),
    J.L_HIP: (0.1, 0.0, 0.0), J.L_KNEE: (0.1, 0.42, -0.05), J.L_ANKLE: (0.1, 0.8, 0.1),
    J.R_HIP: (-0.1, 0.0, 0.0), J.R_KNEE: (-0.1, 0.42, -0.05), J.R_ANKLE: (-0.1, 0.8, 0.1),
}  # fmt: skip
PHOTO = Photo(np.zeros((400, 200, 3), np.uint8), None, "photo")


def person(**moved: tuple[float, float, float]) -> Skeleton:
    """Somebody who stands, 150 pixels to a metre, with joints moved."""
    skeleton = replace(Skeleton.empty(1), world=torch.zeros(1, 25, 3))
    assert skeleton.world is not None
    for joint, place in {**METRES, **{Joint[name]: place for name, place in moved.items()}}.items():
        skeleton.world[0, joint] = torch.tensor(place)
        skeleton.body[0, joint] = torch.tensor([100 + 150 * place[0], 200 + 150 * place[1], 1.0])
    return skeleton


LEFT_KNEE = {"L_KNEE": (0.12, 0.2, -0.37), "L_ANKLE": (0.12, 0.6, -0.3)}
RIGHT_KNEE = {"R_KNEE": (-0.12, 0.2, -0.37), "R_ANKLE": (-0.12, 0.6, -0.3)}


@pytest.mark.parametrize(
    ("moved", "limbs"),
    [
        ({}, []),
        ({"L_WRIST": (0.25, -0.24, -0.26)}, []),  # a forearm does little harm
        ({"L_KNEE": (0.1, 0.4, -0.14)}, []),  # a step
        (LEFT_KNEE, ["the left thigh"]),
        ({**LEFT_KNEE, **RIGHT_KNEE}, ["the left thigh", "the right thigh"]),
        ({"R_ANKLE": (-0.1, 0.45, 0.35)}, ["the right lower leg"]),
        ({"R_ELBOW": (-0.18, -0.48, -0.27)}, ["the right upper arm"]),
    ],
)
def test_limbs_that_point_at_the_camera(
    moved: dict[str, tuple[float, float, float]], limbs: list[str]
) -> None:
    skeleton = person(**moved)
    assert foreshortened(skeleton) == limbs
    notes = list(photo_warnings(PHOTO, skeleton))
    assert len(notes) == bool(limbs)
    for limb in limbs:
        assert limb in notes[0]


def test_without_depth_or_where_a_joint_is_not_seen_nothing_points() -> None:
    skeleton = person(**LEFT_KNEE)
    assert foreshortened(replace(skeleton, world=None)) == []
    skeleton.body[0, J.L_KNEE, 2] = 0.1
    assert foreshortened(skeleton) == []


def standing(left: int, right: int) -> np.ndarray:
    """Labels of somebody from row 10 to 90 of 100, in these columns of 80."""
    labels = np.zeros((100, 80), np.uint8)
    labels[10:90, left:right] = 5
    return labels


def test_a_person_cut_lengthwise() -> None:
    assert cut_side(standing(0, 20)) == "left"
    assert cut_side(standing(60, 80)) == "right"
    assert cut_side(standing(30, 50)) == ""
    assert cut_side(standing(0, 80)) == ""  # a cut-out, or a close portrait
    assert cut_side(np.zeros((100, 80), np.uint8)) == ""
    elbow = standing(30, 50)
    elbow[30:50, 50:] = 5
    assert cut_side(elbow) == ""


def labelled(tall: int, wide: int, face: bool = True) -> np.ndarray:
    """Labels of `person()`: a block around the trunk, with a face at the nose or without."""
    labels = np.zeros((400, 200), np.uint8)
    labels[300 - tall // 2 : 300 + tall // 2, 100 - wide // 2 : 100 + wide // 2] = Label.PANTS
    if face:
        labels[80:110, 90:110] = Label.FACE
    return labels


GREY = np.full((400, 200, 3), 128, np.uint8)


def test_key_points_that_the_labels_do_not_bear_out() -> None:
    # The trunk is 75 pixels long, and 75 * 75 * 3.6 pixels are 101 rows of 200.
    assert list(label_warnings(labelled(90, 180), person(), GREY)) == []
    assert "do not match" in next(label_warnings(labelled(180, 180), person(), GREY))
    assert "do not match" in next(label_warnings(labelled(90, 180, face=False), person(), GREY))
    bust = person()
    bust.body[0, J.MID_HIP, 2] = 0.0  # hips that nobody saw give no measure
    assert list(label_warnings(labelled(180, 180), bust, GREY)) == []


@pytest.mark.parametrize(("tone", "word"), [(5, "dark"), (60, ""), (180, ""), (250, "bright")])
def test_too_little_or_too_much_light(tone: int, word: str) -> None:
    notes = list(label_warnings(labelled(90, 180), person(), np.full_like(GREY, tone)))
    assert [word in note for note in notes] == [True] * bool(word)
