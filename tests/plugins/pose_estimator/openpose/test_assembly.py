"""People out of points and fields, drawn by hand: apart, crossing, cut off."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor_plugins.pose_estimator.openpose.assembly import assemble_people, limb_scores
from reenactor_plugins.pose_estimator.openpose.layout import BODY_25
from reenactor_plugins.pose_estimator.openpose.peaks import enlarged, maxima

Draw = Callable[[Sequence[Tensor], tuple[int, int]], tuple[Tensor, Tensor]]
Figure = Callable[..., Tensor]

SIZE = (368, 656)


def found(draw: Draw, people: Sequence[Tensor], min_score: float = 0.4) -> Tensor:
    """Who is found, from left to right."""
    heat, fields = draw(people, SIZE)
    bodies = torch.from_numpy(assemble_people(maxima(enlarged(heat)), fields, BODY_25, min_score))
    return bodies[bodies[:, Joint.MID_HIP, 0].argsort()]


def near(found: Tensor, drawn: Sequence[Tensor]) -> None:
    for body, points in zip(found, drawn, strict=True):
        seen = points[:, 2] > 0
        assert torch.equal(body[:, 2] > 0, seen)
        assert float((body[seen, :2] - points[seen, :2]).abs().max()) < 1.5


def test_two_people_apart(draw: Draw, standing: Figure) -> None:
    people = [standing(150, 190), standing(450, 200)]
    near(found(draw, people), people)


def test_two_people_whose_arms_cross(draw: Draw, standing: Figure) -> None:
    """Each reaches over to where the other's hand would be; only the fields tell whose is whose."""
    people = [
        standing(250, 190, L_ELBOW=(325, 130), L_WRIST=(365, 165)),
        standing(400, 190, R_ELBOW=(325, 165), R_WRIST=(290, 125)),
    ]
    near(found(draw, people), people)


def test_two_people_who_stand_into_each_other(draw: Draw, standing: Figure) -> None:
    people = [standing(250, 190), standing(325, 195)]
    near(found(draw, people), people)


def test_who_is_cut_off_at_the_hips_has_no_legs(draw: Draw, standing: Figure) -> None:
    below = [joint for joint in Joint if joint >= Joint.R_HIP and joint not in range(15, 19)]
    one = standing(200, 330)
    one[below] = 0
    near(found(draw, [one]), [one])


def test_an_ear_seen_from_behind_hangs_on_the_shoulder(draw: Draw, standing: Figure) -> None:
    """Without nose and eyes only the spare limbs reach the ears."""
    one = standing(200, 190)
    one[[Joint.NOSE, Joint.R_EYE, Joint.L_EYE]] = 0
    near(found(draw, [one]), [one])


def test_the_surest_comes_first_and_shadows_do_not_come(draw: Draw, standing: Figure) -> None:
    sure, faint = standing(450, 190), standing(150, 190)
    faint[:, 2] = 0.5
    heat, fields = draw([faint, sure], SIZE)
    points = maxima(enlarged(heat))
    bodies = assemble_people(points, fields, BODY_25, 0.4)
    assert [round(float(x)) for x in bodies[:, Joint.MID_HIP, 0]] == [450, 150]
    # Each point has a height of .5, and 24 limbs of 1 hold its 25 points (and two ears) together.
    assert len(assemble_people(points, fields, BODY_25, 1.7)) == 1
    assert len(assemble_people(points, fields, BODY_25, 2.2)) == 0


def test_feet_alone_are_nobody(draw: Draw, standing: Figure) -> None:
    one = standing(200, 190)
    one[: Joint.L_ANKLE] = 0
    one[15:19] = 0
    assert len(found(draw, [one])) == 0  # an ankle and two toes and a heel
    assert len(found(draw, [])) == 0


def test_points_without_fields_are_nobody(draw: Draw, standing: Figure) -> None:
    heat, fields = draw([standing(200, 190)], SIZE)
    points = maxima(enlarged(heat))
    assert len(assemble_people(points, torch.zeros_like(fields), BODY_25, 0.0)) == 0


@pytest.mark.parametrize(
    ("field", "expected"),
    [((0.6, 0.8), 1.0), ((0.8, -0.6), 0.0), ((-0.6, -0.8), 0.0), ((0.3, 0.4), 0.5)],
)
def test_a_limbs_score_is_the_fields_share_in_its_direction(
    field: tuple[float, float], expected: float
) -> None:
    fields = torch.tensor(field)[:, None, None].expand(2, 20, 20)
    a, b = np.array([[20, 20, 1]], np.float32), np.array([[80, 100, 1]], np.float32)
    assert float(limb_scores(a, b, fields)) == pytest.approx(expected, abs=1e-6)
    assert float(limb_scores(a, a, fields)) == 0  # no way, no direction


def test_a_limb_may_not_have_a_gap() -> None:
    fields = torch.zeros(2, 10, 20)
    fields[0] = 1
    a, b = np.array([[8, 40, 1]], np.float32), np.array([[148, 40, 1]], np.float32)
    assert float(limb_scores(a, b, fields)) == pytest.approx(1)
    fields[0, :, 8:12] = 0
    assert float(limb_scores(a, b, fields)) == 0


@pytest.mark.parametrize(
    ("joints", "count"),
    [
        ((Joint.NECK, Joint.R_SHOULDER, Joint.R_ELBOW), 0),
        ((Joint.NECK, Joint.R_SHOULDER, Joint.R_ELBOW, Joint.R_WRIST), 1),
        ((Joint.MID_HIP, Joint.L_HIP, Joint.L_KNEE), 0),
    ],
)
def test_three_joints_are_nobody(
    draw: Draw, standing: Figure, joints: tuple[Joint, ...], count: int
) -> None:
    one = standing(200, 190)
    one[[joint for joint in range(25) if joint not in joints]] = 0
    assert len(found(draw, [one])) == count


def test_near_points_are_connected_without_a_field() -> None:
    """Nearer than the root of 656 x 368 in 150 parts: 3.28 pixels."""
    fields = torch.zeros(2, SIZE[0] // 8, SIZE[1] // 8)
    a = np.array([[100, 100, 1]], np.float32)
    b = np.array([[103.2, 100, 1], [103.3, 100, 1], [102, 102, 1], [100, 97, 1]], np.float32)
    scores = limb_scores(a, b, fields)[0]
    assert scores.tolist() == pytest.approx([0.050001, 0, 0.050001, 0.050001])
    assert float(limb_scores(a, a, fields)) == 0
    fields[0] = 1  # where the field bears a limb out, its own score is taken
    assert float(limb_scores(a, b, fields)[0, 0]) == pytest.approx(1)


def test_a_person_is_not_torn_where_two_points_meet(draw: Draw, standing: Figure) -> None:
    """A forearm that points at the camera: wrist and elbow at one place, and no field there."""
    one = standing(200, 190)
    other = one.clone()
    other[Joint.R_WRIST, :2] = other[Joint.R_ELBOW, :2] + torch.tensor([2.0, 0.0])
    heat, fields = draw([other], SIZE)
    channel = next(x.channel for x in BODY_25.limbs if (x.first, x.second) == (3, 4))
    fields[channel : channel + 2] = 0
    bodies = assemble_people(maxima(enlarged(heat)), fields, BODY_25, 0.4)
    assert len(bodies) == 1
    assert bodies[0, Joint.R_WRIST, 2] > 0
