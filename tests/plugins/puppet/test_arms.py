"""What is arm, sleeve and trunk: painted people whose parts are known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.values import Layer, Parsing, Skeleton, Target
from reenactor_plugins.puppet.cut import BodyParts, cut
from reenactor_plugins.puppet.joints import complete_joints
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.rig import puppet

J = Joint
L = Label
UNIT = 120.0
SKIN, DRESS, HAIR = (230, 180, 150), (20, 60, 200), (60, 30, 10)


def painted(target: Target, labels: np.ndarray, colours: dict[int, tuple[int, ...]]) -> Target:
    """The target with other classes; classes in `colours` are repainted."""
    pixels = target.photo.pixels[0].numpy().copy()
    before = target.parsing.labels[0].numpy()
    for label, colour in colours.items():
        pixels[(labels == label) & ((before != labels) | (before == label))] = colour
    image = torch.from_numpy(pixels)
    return replace(
        target,
        photo=replace(target.photo, pixels=image[None]),
        image=image.permute(2, 0, 1)[None].float() / 255,
        parsing=Parsing(torch.from_numpy(labels)[None]),
    )


def dressed(target: Target, bare: tuple[str, ...] = ("left", "right")) -> Target:
    """In a wide dress that hides the arms' inner halves; without the skin of arms not in `bare`."""
    labels = target.parsing.labels[0].numpy().copy()
    points = target.skeleton.body[0, :, :2].numpy()
    labels[labels == L.UPPER_CLOTHES] = L.DRESS
    arms = np.isin(labels, (L.LEFT_ARM, L.RIGHT_ARM))
    edge = [points[j] for j in (J.R_SHOULDER, J.L_SHOULDER, J.L_WRIST, J.R_WRIST)]
    edge = [*edge[:2], edge[2] + [0, 40], edge[3] + [0, 40]]
    wide = np.zeros_like(labels)
    cv2.fillConvexPoly(wide, np.round(edge).astype(np.int32), 1)
    labels[(wide > 0) & ~np.isin(labels, (L.FACE, L.HAIR))] = L.DRESS
    for side, label in (("left", L.LEFT_ARM), ("right", L.RIGHT_ARM)):
        own = arms & (target.parsing.labels[0].numpy() == label)
        shoulder = points[J.L_SHOULDER if side == "left" else J.R_SHOULDER]
        if side in bare:
            labels[own] = label
        else:
            # Only a strip beside the shoulder strap is visible of an arm behind the back.
            labels[own] = L.DRESS
            own[int(shoulder[1]) + 14 :] = False
            labels[own] = label
    return painted(target, labels, {L.DRESS: DRESS})


def parts_of(person: Target) -> BodyParts:
    figure = complete_joints(person.skeleton, 0, UNIT)
    assert figure is not None
    image = person.photo.pixels[0].numpy().astype(np.float32)
    return cut(person.parsing.labels[0].numpy(), figure, np.zeros((70, 3)), image)


def colour_at(layer: Layer, point: torch.Tensor) -> np.ndarray:
    x, y = (int(v) for v in point[:2].round())
    assert float(layer.mask[0, 0, y, x]) > 0.9
    return np.asarray(layer.image[0, :, y, x].numpy() * 255)


def raised(world: torch.Tensor) -> torch.Tensor:
    """Both arms up and out."""
    for shoulder, elbow, wrist, side in (
        (J.L_SHOULDER, J.L_ELBOW, J.L_WRIST, 1), (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST, -1),
    ):  # fmt: skip
        world[elbow] = world[shoulder] + torch.tensor([0.17 * side, -0.22, 0.0])
        world[wrist] = world[elbow] + torch.tensor([0.1 * side, -0.23, 0.0])
    return world


def test_cloth_beside_a_bare_arm_is_the_trunks(target: Target) -> None:
    """However near to the bones: where the skin begins, nothing but skin is arm."""
    person = dressed(target)
    parts = parts_of(person)
    dress = person.parsing.labels[0].numpy() == L.DRESS
    elbow = person.skeleton.body[0, J.L_ELBOW, 1]
    below = np.arange(len(dress))[:, None] > float(elbow)
    for side in ("left", "right"):
        assert parts.bare[side] < 0.05 * UNIT
        assert not (parts.arm[side] & dress & below).any()


def test_a_sleeve_ends_where_the_skin_begins(target: Target) -> None:
    """Sleeves to the elbows: 0.28 m of cloth, then skin."""
    labels = target.parsing.labels[0].numpy().copy()
    elbow = int(target.skeleton.body[0, J.L_ELBOW, 1])
    upper = np.isin(labels, (L.LEFT_ARM, L.RIGHT_ARM))
    upper[elbow:] = False
    labels[upper] = L.UPPER_CLOTHES
    parts = parts_of(painted(target, labels, {L.UPPER_CLOTHES: (200, 30, 40)}))
    length = float(np.hypot(0.10, 0.26))
    for side in ("left", "right"):
        assert parts.bare[side] == pytest.approx(length * UNIT, abs=0.04 * UNIT)
    assert (parts.arm["left"] & upper).sum() > 0.4 * upper.sum() / 2


def test_an_arm_behind_the_back_has_the_other_ones_sleeve(target: Target) -> None:
    parts = parts_of(dressed(target, bare=("right",)))
    assert parts.bare["left"] < 0.05 * UNIT
    labels = parts.labels
    wrist = int(target.skeleton.body[0, J.L_WRIST, 1])
    assert not (parts.arm["left"] & (labels == L.DRESS))[wrist - 10 :].any()


@pytest.mark.parametrize("bare", [("right",), ("left",), ()])
def test_hidden_arms_of_a_sleeveless_dress_are_skin(
    bare: tuple[str, ...],
    target: Target,
    world: Callable[[], torch.Tensor],
    standing: Callable[..., Skeleton],
    render: Callable[..., Layer],
) -> None:
    """With one arm behind the back, or both: raised, they are not cut out of the dress."""
    up = standing(world=raised(world()))
    layer = render(up, person=dressed(target, bare))
    for elbow, wrist in ((J.L_ELBOW, J.L_WRIST), (J.R_ELBOW, J.R_WRIST)):
        forearm = up.body[0, elbow] * 0.4 + up.body[0, wrist] * 0.6
        got = colour_at(layer, forearm)
        assert np.abs(got - SKIN).max() < 45, got
        hand = up.body[0, wrist] + (up.body[0, wrist] - up.body[0, elbow]) * 0.25
        assert np.abs(colour_at(layer, hand) - SKIN).max() < 60


def test_a_hand_in_a_pocket_is_drawn_in_skin(
    target: Target,
    world: Callable[[], torch.Tensor],
    standing: Callable[..., Skeleton],
    render: Callable[..., Layer],
) -> None:
    """Long sleeves and no hand: the forearm is cloth, the hand is not."""
    labels = target.parsing.labels[0].numpy().copy()
    arms = np.isin(labels, (L.LEFT_ARM, L.RIGHT_ARM))
    wrist = int(target.skeleton.body[0, J.L_WRIST, 1])
    labels[arms] = L.UPPER_CLOTHES
    arms[:wrist] = False
    labels[arms] = 0
    person = painted(target, labels, {L.UPPER_CLOTHES: (200, 30, 40), L.BACKGROUND: (30, 200, 30)})
    up = standing(world=raised(world()))
    layer = render(up, person=person)
    for elbow, wrist in ((J.L_ELBOW, J.L_WRIST), (J.R_ELBOW, J.R_WRIST)):
        a, b = up.body[0, elbow], up.body[0, wrist]
        assert np.abs(colour_at(layer, (a + b) / 2) - (200, 30, 40)).max() < 40
        assert np.abs(colour_at(layer, b + (b - a) * 0.3) - SKIN).max() < 70


def test_a_label_of_skin_on_cloth_is_not_believed(target: Target) -> None:
    """The parser calls sleeves arms: they are still sleeves."""
    labels = target.parsing.labels[0].numpy().copy()
    blue = painted(target, labels, {L.LEFT_ARM: (20, 40, 160), L.RIGHT_ARM: (20, 40, 160)})
    assert parts_of(blue).bare == {"left": np.inf, "right": np.inf}
    assert parts_of(target).bare["left"] < 0.1 * UNIT


def test_hair_over_an_arm_stays_with_the_head(
    target: Target,
    world: Callable[[], torch.Tensor],
    standing: Callable[..., Skeleton],
    render: Callable[..., Any],
) -> None:
    """A strand hangs over the upper arm; its soft edge must not ride on the raised arm."""
    labels = target.parsing.labels[0].numpy().copy()
    shoulder, elbow = (target.skeleton.body[0, j, :2].numpy() for j in (J.L_SHOULDER, J.L_ELBOW))
    middle = (shoulder + elbow) / 2
    head = target.skeleton.body[0, J.L_EAR, :2].numpy()
    strand = np.zeros_like(labels)
    for a, b in ((head, shoulder), (shoulder, middle)):
        ends = [tuple(int(v) for v in p) for p in (a, b)]
        cv2.line(strand, ends[0], ends[1], 1, 4)
    labels[strand > 0] = L.HAIR
    person = painted(target, labels, {L.HAIR: HAIR})
    soft = cv2.GaussianBlur(person.photo.pixels[0].numpy(), (0, 0), 1.2)
    near = cv2.dilate(strand, np.ones((7, 7), np.uint8)) > 0
    pixels = np.where(near[..., None], soft, person.photo.pixels[0].numpy())
    image = torch.from_numpy(pixels)
    person = replace(person, photo=replace(person.photo, pixels=image[None]))
    up = standing(world=raised(world()))
    layer = render(up, person=person, complete=False)
    start, end = up.body[0, J.L_SHOULDER, :2], up.body[0, J.L_ELBOW, :2]
    aside = torch.tensor([end[1] - start[1], start[0] - end[0]]) / (end - start).norm()
    for share in np.linspace(0.4, 0.9, 6):
        for offset in (-3, 0, 3):
            got = colour_at(layer, start + (end - start) * share + aside * offset)
            assert got.min() > 100, got


def test_an_arm_fades_into_the_shoulder(
    target: Target, standing: Callable[..., Skeleton], moving: Callable[[Skeleton], Any]
) -> None:
    """Half a width above the joint there is nothing of it, where the arm begins it is opaque."""
    motion, _ = moving(standing())
    strip = puppet(target, motion, PuppetOptions()).arms["left"].upper
    assert strip is not None
    u = strip.start + np.arange(len(strip.texture.colour)) / strip.fine
    alpha = strip.texture.colour[..., 3].max(1)
    half = 0.068 * UNIT
    assert (alpha[u < -0.5 * half] == 0).all()
    assert (alpha[(u > 0.3 * half) & (u < 0.1 * UNIT)] > 230).all()


def test_finger_tips_do_not_show_what_was_behind_them(
    target: Target, standing: Callable[..., Skeleton], moving: Callable[[Skeleton], Any]
) -> None:
    """The parser's hand includes 5 cm of a dark bag: the drawn finger tips are skin."""
    labels = target.parsing.labels[0].numpy()
    pixels = target.photo.pixels[0].numpy().copy()
    wrist = int(target.skeleton.body[0, J.L_WRIST, 1])
    tips = labels == L.LEFT_ARM
    tips[: wrist + 12] = False
    assert tips.sum() > 40
    pixels[tips] = (20, 18, 16)
    image = torch.from_numpy(pixels)
    person = replace(target, photo=replace(target.photo, pixels=image[None]))
    person = replace(person, image=image.permute(2, 0, 1)[None].float() / 255)
    motion, _ = moving(standing())
    strip = puppet(person, motion, PuppetOptions(complete=False)).arms["left"].lower
    assert strip is not None
    hand = strip.texture.colour[round((strip.marks[1] - strip.start) * strip.fine) :]
    opaque = hand[hand[..., 3] > 250][:, :3]
    assert len(opaque) > 100
    assert np.quantile(opaque.min(1), 0.03) > 90
