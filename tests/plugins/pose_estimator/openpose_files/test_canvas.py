"""Coordinates of files that speak of a canvas, or of another picture than that at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from reenactor.errors import InputError
from reenactor_plugins.pose_estimator.openpose_files.people import read_people

SIZE = (480, 854)
"""Height and width of the video."""
NOSE = (427.0, 80.0)


def write(folder: Path, x: float, y: float, listed: bool = False, **more: Any) -> Path:
    """Somebody whose nose is at NOSE times x and y, and the others in a line below."""
    body = [v for k in range(25) for v in (x * NOSE[0], y * (NOSE[1] + 14 * k), 0.5)]
    data: Any = {"people": [{"pose_keypoints_2d": body}], **more}
    path = folder / "it_keypoints.json"
    path.write_text(json.dumps([data] if listed else data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("canvas", "scale"),
    [
        ((480, 854), (1, 1)),
        ((240, 427), (0.5, 0.5)),
        ((960, 1708), (2, 2)),
        ((512, 896), (896 / 854, 512 / 480)),  # sides are rounded to multiples of 64
        ((480, 854), (1 / 854, 1 / 480)),
        ((240, 427), (1 / 854, 1 / 480)),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_coordinates_are_scaled_by_what_the_file_says(
    tmp_path: Path, canvas: tuple[int, int], scale: tuple[float, float], listed: bool
) -> None:
    path = write(tmp_path, *scale, listed, canvas_height=canvas[0], canvas_width=canvas[1])
    people = read_people(path, SIZE)
    assert people.skeleton.body[0, 0].tolist() == pytest.approx([*NOSE, 0.5])
    assert people.box[0].tolist() == pytest.approx([427, 80, 427, 416])


@pytest.mark.parametrize(
    ("scale", "more", "said"),
    [
        ((1 / 854, 1 / 480), {}, "shares of the picture"),
        ((-1 / 854, -1 / 480), {}, "shares of the picture"),
        ((3, 3), {}, "points outside the picture of 854x480"),
        ((1e6, 1), {}, "points outside"),
        ((1, 1), {"canvas_width": 480, "canvas_height": 854}, "a canvas of 480x854"),
        ((1, 1), {"canvas_width": 0, "canvas_height": 480}, "a canvas of 0x480"),
        ((1, 1), {"canvas_width": "854", "canvas_height": 480}, "a canvas of 854x480"),
        ((1, 1), {"canvas_width": 854}, "a canvas of 854xNone"),
    ],
)
def test_what_cannot_be_of_this_picture_is_refused(
    tmp_path: Path, scale: tuple[float, float], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_people(write(tmp_path, *scale, **more), SIZE)
    assert "--keypoint_scale 0" in caught.value.advice


def test_a_few_points_beyond_the_edge_are_no_reason_to_refuse(tmp_path: Path) -> None:
    path = write(tmp_path, 1, 1.6)  # feet down to y = 666
    assert len(read_people(path, SIZE)) == 1
