"""Background that a parser counts as the person."""

import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.values import Target
from reenactor_plugins.puppet.gaps import without_gaps
from reenactor_plugins.puppet.joints import complete_joints

J = Joint
L = Label


def filled_gap(target: Target) -> tuple[np.ndarray, np.ndarray]:
    """The parsing with the gap between left arm and trunk called clothes; and that gap."""
    labels = target.parsing.labels[0].numpy()
    points = target.skeleton.body[0, :, :2].numpy()
    y, x = np.mgrid[: labels.shape[0], : labels.shape[1]]
    rows = (y > points[J.L_ELBOW, 1]) & (y < points[J.L_HIP, 1])
    gap = rows & (labels == 0) & (x > points[J.L_HIP, 0]) & (x < points[J.L_WRIST, 0])
    assert gap.sum() > 100
    return np.where(gap, int(L.UPPER_CLOTHES), labels).astype(np.uint8), gap


def cleaned(target: Target, labels: np.ndarray, image: np.ndarray) -> np.ndarray:
    figure = complete_joints(target.skeleton, 0, 120.0)
    assert figure is not None
    return without_gaps(labels, image, figure)


def noisy(image: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(2).normal(0, 6, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def test_background_between_arm_and_trunk_is_found(target: Target) -> None:
    labels, gap = filled_gap(target)
    got = cleaned(target, labels, noisy(target.photo.pixels[0].numpy()))
    assert (got[gap] == 0).mean() > 0.85
    rest = ~gap & (labels > 0)
    assert (got[rest] == labels[rest]).mean() > 0.99


def test_cloth_between_arm_and_trunk_stays(target: Target) -> None:
    """The same parsing, but there is cloth where it says so."""
    labels, gap = filled_gap(target)
    image = target.photo.pixels[0].numpy().copy()
    image[gap] = (200, 30, 40)
    got = cleaned(target, labels, noisy(image))
    assert (got[gap] == labels[gap]).mean() > 0.98


def test_it_depends_on_nothing_else(target: Target) -> None:
    """Random numbers drawn in between change nothing."""
    labels, _ = filled_gap(target)
    image = noisy(target.photo.pixels[0].numpy())
    first = cleaned(target, labels, image)
    cv2.randu(np.zeros((100, 100), np.uint8), 0, 255)
    np.testing.assert_array_equal(cleaned(target, labels, image), first)


@pytest.mark.parametrize("label", [0, int(L.PANTS)])
def test_nobody_and_everything(label: int, target: Target) -> None:
    """No background or no person to learn from: nothing changes."""
    labels = np.full(target.parsing.labels.shape[1:], label, np.uint8)
    image = torch.zeros(*labels.shape, 3, dtype=torch.uint8).numpy()
    np.testing.assert_array_equal(cleaned(target, labels, image), labels)
