"""Cutting the silhouette into parts: people who sit, and limbs that point at the camera."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.values import Parsing, Skeleton, Target
from reenactor_plugins.puppet.cut import cut
from reenactor_plugins.puppet.joints import complete_joints

J = Joint
L = Label


@pytest.mark.parametrize("label", [L.PANTS, L.DRESS])
def test_the_legs_of_who_crouches_are_legs(
    label: Label, target: Target, world: Callable[[], torch.Tensor]
) -> None:
    """Thighs to the side, shins down; a parser may call what lies over the hips a dress."""
    skeleton = Skeleton(**vars(target.skeleton))
    body = skeleton.body.clone()
    labels = target.parsing.labels[0].numpy().copy()
    labels[130:] = 0
    for hip, knee, ankle, side in (
        (J.L_HIP, J.L_KNEE, J.L_ANKLE, 1), (J.R_HIP, J.R_KNEE, J.R_ANKLE, -1),
    ):  # fmt: skip
        body[0, knee, :2] = body[0, hip, :2] + torch.tensor([38.0 * side, 8.0])
        body[0, ankle, :2] = body[0, knee, :2] + torch.tensor([0.0, 46.0])
        line = [tuple(int(v) for v in body[0, j, :2]) for j in (hip, knee, ankle)]
        for a, b in pairwise(line):
            cv2.line(labels, a, b, int(label), 15)
    crouching = complete_joints(replace(skeleton, body=body), 0, 120.0)
    assert crouching is not None
    parts = cut(labels, crouching, np.zeros((70, 3)))
    for name, joints in (("left", (J.L_HIP, J.L_KNEE)), ("right", (J.R_HIP, J.R_KNEE))):
        x, y = (int(v) for v in body[0, list(joints), :2].mean(0))
        assert parts.leg[name][y, x]
        assert not parts.trunk[y, x]


def test_an_arm_that_points_at_the_camera_is_not_stretched(
    target: Target,
    standing: Callable[..., Skeleton],
    world: Callable[[], torch.Tensor],
    render: Callable[..., Any],
) -> None:
    """Its forearm is a blue stump: laid along a whole forearm it would be a blue smear."""
    body = target.skeleton.body.clone()
    elbow = body[0, J.L_ELBOW, :2].clone()
    body[0, J.L_WRIST, :2] = elbow + torch.tensor([1.0, 6.0])
    points = world()
    points[J.L_WRIST] = points[J.L_ELBOW] + torch.tensor([0.01, 0.05, -0.23])
    x, y = (int(v) for v in elbow)
    labels, pixels = target.parsing.labels.clone(), target.photo.pixels.clone()
    gone = labels[0] == L.LEFT_ARM
    gone[:y] = False
    labels[0][gone] = 0
    pixels[0][gone] = torch.tensor([30, 200, 30], dtype=torch.uint8)
    labels[0, y : y + 22, x - 6 : x + 7] = int(L.LEFT_ARM)
    pixels[0, y : y + 22, x - 6 : x + 7] = torch.tensor([0, 0, 255], dtype=torch.uint8)
    pointing = replace(
        target,
        photo=replace(target.photo, pixels=pixels),
        image=pixels.permute(0, 3, 1, 2).float() / 255,
        parsing=Parsing(labels),
        skeleton=replace(target.skeleton, body=body, world=points[None]),
    )
    layer = render(standing(), person=pointing)
    forearm = standing().body[0, [J.L_ELBOW, J.L_WRIST], :2].mean(0)
    x, y = (int(v) for v in forearm)
    got = layer.image[0, :, y, x]
    torch.testing.assert_close(got, torch.tensor([220, 160, 130]) / 255, atol=0.08, rtol=0)
