"""OpenPose's JSON format: everybody in one picture.

`{"people": [{"pose_keypoints_2d": [x, y, c, ...], ...}]}` with 25 (BODY_25) or 18 (COCO) body
points, and perhaps `face_keypoints_2d` (70), `hand_left_keypoints_2d` and
`hand_right_keypoints_2d` (21 each), in pixels; an empty list or zeros where nothing was found.
Files of OpenPose before 1.3 lack the `_2d`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.errors import InputError
from reenactor.joints import NUM_BODY, NUM_FACE, NUM_HAND, Joint
from reenactor.values import People, Skeleton

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
"""Points less sure than this do not count for a person's box."""


def read_people(path: Path) -> People:
    """Everybody in a file, best mean confidence first.

    Raises:
        InputError: the file is no OpenPose JSON.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["people"]
        bodies = [_body(person) for person in found]
        hands = [
            torch.stack([_points(person, f"hand_{side}", NUM_HAND) for side in ("left", "right")])
            for person in found
        ]
        faces = [_points(person, "face", NUM_FACE) for person in found]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path.name} is no JSON file of OpenPose",
            given=f"{path} ({error})",
            expected='{"people": [{"pose_keypoints_2d": [x, y, confidence, ...]}]} with 25 or 18 '
            "points",
        ) from error
    if not bodies:
        return People.nobody()
    skeleton = Skeleton(torch.stack(bodies), torch.stack(hands), torch.stack(faces))
    score = skeleton.body[:, :, 2].mean(1)
    order = torch.argsort(score, descending=True, stable=True)
    order = order[score[order] > 0]
    return People(skeleton[order], score[order], boxes(skeleton[order]))


def from_coco(body: Float[Tensor, "18 3"]) -> Float[Tensor, "25 3"]:
    """The 18 points of the COCO model as BODY_25: feet unknown, the middle of the hips between."""
    out = torch.zeros(NUM_BODY, 3)
    out[list(COCO)] = body
    hips = out[[Joint.R_HIP, Joint.L_HIP]]
    out[Joint.MID_HIP, :2] = hips[:, :2].mean(0)
    out[Joint.MID_HIP, 2] = hips[:, 2].min()
    return out


def _body(person: Mapping[str, Any]) -> Float[Tensor, "25 3"]:
    count = len(_values(person, "pose")) // 3
    if count == len(COCO):
        return from_coco(_points(person, "pose", count))
    return _points(person, "pose", NUM_BODY)


def _points(person: Mapping[str, Any], part: str, count: int) -> Float[Tensor, "K 3"]:
    """That part's points, confidences held to 0..1 (OpenPose's may be a little above)."""
    values = _values(person, part)
    if not values:
        return torch.zeros(count, 3)
    if len(values) != 3 * count:
        raise ValueError(f"{len(values)} numbers for {part}, not {3 * count}")
    points = torch.tensor(values, dtype=torch.float32).reshape(count, 3)
    points[:, 2].clamp_(0, 1)
    return points


def _values(person: Mapping[str, Any], part: str) -> list[int | float]:
    values: list[int | float] = person.get(
        f"{part}_keypoints_2d", person.get(f"{part}_keypoints", [])
    )
    return values


def boxes(skeleton: Skeleton) -> Float[Tensor, "N 4"]:
    """Around all points that were seen; where none was seen well, around the best one."""
    points = torch.cat([skeleton.body, skeleton.hands.flatten(1, 2), skeleton.face], 1)
    sure = points[..., 2:]
    seen = (sure > SEEN) | (sure == sure.amax(1, keepdim=True))
    low = torch.where(seen, points[..., :2], torch.inf).amin(1)
    high = torch.where(seen, points[..., :2], -torch.inf).amax(1)
    return torch.cat([low, high], 1)
