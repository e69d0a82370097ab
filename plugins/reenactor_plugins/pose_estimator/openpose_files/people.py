"""Reads OpenPose's JSON format: all people in one picture.

`{"people": [{"pose_keypoints_2d": [x, y, c, ...], ...}]}` with 25 (BODY_25) or 18 (COCO) body
points, and perhaps `face_keypoints_2d` (70, or 68 without the pupils), `hand_left_keypoints_2d`
and `hand_right_keypoints_2d` (21 each), in pixels; null, an empty list or zeros where nothing was
found. Files of OpenPose before 1.3 lack the `_2d`.

ControlNet's preprocessors (DWPose) write the same with `canvas_width` and `canvas_height`, the
size of the picture that they saw, and coordinates in its pixels or in 0..1; perhaps as a list of
one such picture.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.errors import InputError
from reenactor.joints import NUM_BODY, NUM_FACE, NUM_HAND, Joint
from reenactor.media.files import read_json
from reenactor.values import People, Skeleton
from reenactor_plugins.pose_estimator.openpose_files.canvas import canvas_of, in_pixels

COCO = (
    Joint.NOSE, Joint.NECK,
    Joint.R_SHOULDER, Joint.R_ELBOW, Joint.R_WRIST,
    Joint.L_SHOULDER, Joint.L_ELBOW, Joint.L_WRIST,
    Joint.R_HIP, Joint.R_KNEE, Joint.R_ANKLE,
    Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE,
    Joint.R_EYE, Joint.L_EYE, Joint.R_EAR, Joint.L_EAR,
)  # fmt: skip
"""The 18 points of OpenPose's COCO model, as joints of BODY_25."""

SEEN = 0.05
"""Minimum confidence of points for a person's box."""
_WITHOUT_PUPILS = 68
"""Number of face points without the pupils, which OpenPose adds."""
_SUREST = 2.0
"""Maximum confidence; larger values are percentages or a third coordinate."""


def read_people(path: Path, size: tuple[int, int] | None = None) -> People:
    """Read all people in a file, best mean confidence first.

    Args:
        path: the file.
        size: height and width of the picture, if known.
            Coordinates on a canvas of another size are scaled to it.

    Raises:
        InputError: the file is not an OpenPose JSON file, or does not fit the picture's size.
    """
    data = read_json(path)
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    try:
        found = data["people"]
        bodies = [_body(person) for person in found]
        hands = [
            torch.stack([_points(person, f"hand_{side}", NUM_HAND) for side in ("left", "right")])
            for person in found
        ]
        faces = [_face(person) for person in found]
        if not bodies:
            return People.nobody()
        skeleton = Skeleton(torch.stack(bodies), torch.stack(hands), torch.stack(faces))
        skeleton = in_pixels(skeleton, canvas_of(data), size)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        said = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(
            f"{path.name} is not a JSON file of OpenPose for this picture",
            given=f"{path} ({said})",
            expected='{"people": [{"pose_keypoints_2d": [x, y, confidence, ...]}]} with 25 or 18 '
            "points in pixels",
            advice="run OpenPose on this very picture or video with --model_pose BODY_25 and "
            "--keypoint_scale 0",
        ) from error
    score = skeleton.body[:, :, 2].mean(1)
    order = torch.argsort(score, descending=True, stable=True)
    order = order[score[order] > 0]
    return People(skeleton[order], score[order], boxes(skeleton[order]))


def from_coco(body: Float[Tensor, "18 3"]) -> Float[Tensor, "25 3"]:
    """Convert the COCO model's 18 points to BODY_25, without feet and with the mean of the hips."""
    out = torch.zeros(NUM_BODY, 3)
    out[list(COCO)] = body
    hips = out[[Joint.R_HIP, Joint.L_HIP]]
    out[Joint.MID_HIP, :2] = hips[:, :2].mean(0)
    out[Joint.MID_HIP, 2] = hips[:, 2].min()
    return out


def _body(person: Mapping[str, Any]) -> Float[Tensor, "25 3"]:
    if len(_values(person, "pose")) == 3 * len(COCO):
        return from_coco(_points(person, "pose", len(COCO)))
    return _points(person, "pose", NUM_BODY)


def _face(person: Mapping[str, Any]) -> Float[Tensor, "70 3"]:
    if len(_values(person, "face")) == 3 * _WITHOUT_PUPILS:
        face = torch.zeros(NUM_FACE, 3)
        face[:_WITHOUT_PUPILS] = _points(person, "face", _WITHOUT_PUPILS)
        return face
    return _points(person, "face", NUM_FACE)


def _points(person: Mapping[str, Any], part: str, count: int) -> Float[Tensor, "K 3"]:
    """The points of a part, with confidences clipped to 0..1 (some are slightly higher)."""
    values = _values(person, part)
    if not values:
        return torch.zeros(count, 3)
    if not all(isinstance(value, int | float) for value in values):
        raise ValueError(f"an invalid number for {part}")
    if len(values) != 3 * count:
        raise ValueError(f"{len(values)} numbers for {part}, not {count} times x, y, confidence")
    points = torch.tensor(values, dtype=torch.float32).reshape(count, 3)
    if not bool(torch.isfinite(points).all()):
        raise ValueError(f"an infinite number for {part}")
    if float(points[:, 2].max()) > _SUREST:
        raise ValueError(f"a confidence of {float(points[:, 2].max()):.4g} for {part}")
    points[:, 2].clamp_(0, 1)
    points[points[:, 2] == 0] = 0
    return points


def _values(person: Mapping[str, Any], part: str) -> list[Any]:
    values = person.get(f"{part}_keypoints_2d", person.get(f"{part}_keypoints"))
    if values is not None and not isinstance(values, list):
        raise ValueError(f"no list of numbers for {part}")
    return values or []


def boxes(skeleton: Skeleton) -> Float[Tensor, "N 4"]:
    """Boxes around all confident points; around the best point if there is none."""
    points = torch.cat([skeleton.body, skeleton.hands.flatten(1, 2), skeleton.face], 1)
    sure = points[..., 2:]
    seen = (sure > SEEN) | (sure == sure.amax(1, keepdim=True))
    low = torch.where(seen, points[..., :2], torch.inf).amin(1)
    high = torch.where(seen, points[..., :2], -torch.inf).amax(1)
    return torch.cat([low, high], 1)
