import pytest
from pydantic import ValidationError

from reenactor_plugins.networks.mediapipe.weights import (
    FACE_WEIGHTS,
    HAND_WEIGHTS,
    POSE_WEIGHTS,
)
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions

NAMES = frozenset(weight.name for weight in POSE_WEIGHTS + HAND_WEIGHTS + FACE_WEIGHTS)


def test_only_the_networks_in_use_are_wanted() -> None:
    assert BlazePoseOptions().required_weights(NAMES) == NAMES
    bare = BlazePoseOptions(hands=False, face=False).required_weights(NAMES)
    assert bare == {weight.name for weight in POSE_WEIGHTS}
    without_face = BlazePoseOptions(face=False).required_weights(NAMES)
    assert without_face == {weight.name for weight in POSE_WEIGHTS + HAND_WEIGHTS}


@pytest.mark.parametrize(
    "wrong", [{"max_people": 0}, {"detect_every": 0}, {"threads": 0}, {"x": 1}]
)
def test_senseless_values_are_mistakes(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        BlazePoseOptions.model_validate(wrong)


def test_every_option_is_described() -> None:
    assert all(field.description for field in BlazePoseOptions.model_fields.values())
