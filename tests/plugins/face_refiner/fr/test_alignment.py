"""Faces go where the template says, and come back to where they were."""

import math

import torch

from reenactor_plugins.face_refiner.fr.alignment import (
    TEMPLATE,
    Alignment,
    align,
    anchors,
    face_of_photo,
    faces_of,
    pasted,
    similarity,
)

CROP = 64


def face(scale: float = 40.0, turn: float = 0.3, x: float = 70.0, y: float = 60.0) -> torch.Tensor:
    """70 points of a face whose anchors are the template's, scaled, turned and shifted."""
    points = torch.zeros(70, 3)
    points[:, 2] = 1
    linear = scale * torch.tensor(
        [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
    )
    eyes = torch.tensor(
        [[-0.05, 0], [-0.02, 0.03], [0.02, 0.03], [0.05, 0], [0.02, -0.03], [-0.02, -0.03]]
    )
    template = torch.tensor(TEMPLATE)
    points[36:42, :2] = (template[0] + eyes) @ linear.T
    points[42:48, :2] = (template[1] + eyes) @ linear.T
    for index, anchor in ((30, 2), (48, 3), (54, 4)):
        points[index, :2] = template[anchor] @ linear.T
    points[:, :2] += torch.tensor([x, y])
    return points[None]


def test_the_similarity_of_a_known_motion_is_found() -> None:
    torch.manual_seed(0)
    a = torch.randn(2, 6, 2)
    linear = torch.tensor([[[0.6, -0.8], [0.8, 0.6]], [[0.0, 3.0], [-3.0, 0.0]]])
    shift = torch.tensor([[1.0, -2.0], [5.0, 0.5]])
    b = a @ linear.transpose(1, 2) + shift[:, None]
    found = similarity(a, b, torch.rand(2, 6) + 0.1)
    torch.testing.assert_close(found, torch.cat([linear, shift[..., None]], -1))


def test_the_similarity_is_the_least_squares_solution() -> None:
    torch.manual_seed(0)
    a, b, w = torch.randn(1, 5, 2), torch.randn(1, 5, 2), torch.rand(1, 5)
    found = similarity(a, b, w)[0]
    # The same by the normal equations of (p, q, tx, ty): x' = p x - q y + tx, y' = q x + p y + ty.
    (x, y), one, zero = a[0].T, torch.ones(5), torch.zeros(5)
    system = torch.cat([torch.stack([x, -y, one, zero], 1), torch.stack([y, x, zero, one], 1)])
    root = w[0].sqrt().repeat(2)[:, None]
    p, q, tx, ty = torch.linalg.lstsq(root * system, root * b[0].T.reshape(-1, 1)).solution[:, 0]
    expected = torch.stack([torch.stack([p, -q, tx]), torch.stack([q, p, ty])])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_points_without_weight_do_not_count() -> None:
    a = torch.randn(1, 4, 2)
    b = a + 1
    b[0, 3] = 1e6
    found = similarity(a, b, torch.tensor([[1.0, 1, 1, 0]]))
    torch.testing.assert_close(
        found, torch.tensor([[[1.0, 0, 1], [0, 1, 1]]]), atol=1e-4, rtol=1e-4
    )


def test_anchors_are_eyes_nose_and_mouth() -> None:
    found = anchors(face(scale=1, turn=0, x=0, y=0))
    torch.testing.assert_close(found[0, :, :2], torch.tensor(TEMPLATE))
    hidden = face()
    hidden[0, 40] = torch.tensor([torch.nan, torch.nan, 0.0])
    assert anchors(hidden)[0, 0].tolist() == [0, 0, 0]
    assert (anchors(hidden)[0, 1:, 2] == 1).all()


def test_a_crop_lays_the_anchors_on_the_template() -> None:
    where = align(face(), CROP)
    assert where.seen.tolist() == [True]
    # Edges of the crop are 0 and 1 of the template; pixel centres are half a pixel further in.
    template = torch.cat([torch.tensor(TEMPLATE) * CROP - 0.5, torch.ones(5, 1)], 1)
    there = template @ where.to_picture[0].T
    torch.testing.assert_close(there, anchors(face())[0, :, :2], rtol=1e-4, atol=1e-3)


def test_one_hidden_anchor_does_not_move_the_face() -> None:
    hidden = face()
    hidden[0, 48] = torch.tensor([1e5, -1e5, 0.0])
    torch.testing.assert_close(
        align(hidden, CROP).to_picture, align(face(), CROP).to_picture, rtol=1e-3, atol=1e-3
    )


def test_faces_that_are_not_there_or_too_small_are_not_seen() -> None:
    faces = torch.cat([
        torch.zeros(1, 70, 3),
        torch.full((1, 70, 3), torch.nan).nan_to_num(0) * 0,
        face(scale=20.0),  # the eyes 4.7 pixels apart
        face() * torch.tensor([1.0, 1.0, 0.2]),
        face(),
    ])  # fmt: skip
    where = align(faces, CROP)
    assert where.seen.tolist() == [False, False, False, False, True]
    assert torch.isfinite(where.to_picture).all()


def test_out_and_back_is_the_frame_itself() -> None:
    """Smooth frames lose nothing to the two resamplings; outside the crop nothing changes."""
    y, x = torch.meshgrid(torch.arange(160.0), torch.arange(140.0), indexing="ij")
    frame = torch.stack([x / 140, y / 160, (x + y) / 300])[None]
    where = align(face(scale=60.0), CROP)
    crop = faces_of(frame, where)
    full = torch.ones(1, 1, CROP, CROP)
    torch.testing.assert_close(pasted(frame, crop, full, where), frame, rtol=0, atol=2e-3)


def test_a_painted_face_is_at_its_place_and_nowhere_else() -> None:
    frame = torch.zeros(1, 3, 160, 140)
    where = align(face(scale=60.0, turn=0.0), CROP)  # corners at (70, 60) and (130, 120)
    painted = pasted(frame, torch.ones(1, 3, CROP, CROP), torch.ones(1, 1, CROP, CROP), where)
    assert float(painted[0, 0, 90, 100]) == 1
    assert not painted[..., :59, :].any()
    assert not painted[..., 121:, :].any()
    assert not painted[..., :69].any()
    assert not painted[..., 131:].any()


def test_where_the_mask_is_0_the_frame_stays_to_the_bit() -> None:
    frame = torch.rand(1, 3, 160, 140)
    where = align(face(), CROP)
    same = pasted(frame, torch.rand(1, 3, CROP, CROP), torch.zeros(1, 1, CROP, CROP), where)
    assert torch.equal(same, frame)


def test_frames_without_a_face_stay_to_the_bit() -> None:
    frames = torch.rand(2, 3, 160, 140)
    where = align(torch.cat([torch.zeros(1, 70, 3), face()]), CROP)
    ones = torch.ones(2, 3, CROP, CROP), torch.ones(2, 1, CROP, CROP)
    out = pasted(frames, *ones, where)
    assert torch.equal(out[0], frames[0])
    assert not torch.equal(out[1], frames[1])


def test_large_photos_are_averaged_not_skipped() -> None:
    """A checkerboard four times finer than the crop is grey."""
    y, x = torch.meshgrid(torch.arange(512), torch.arange(512), indexing="ij")
    board = ((x + y) % 2).float().expand(1, 3, 512, 512)
    where = align(face(scale=4.02 * CROP, turn=0.0, x=100.0, y=100.0), CROP)
    crop = face_of_photo(board, where)
    torch.testing.assert_close(crop, torch.full_like(crop, 0.5), atol=1e-3, rtol=0)
    plain = Alignment(where.to_picture, where.seen, CROP)
    y_ramp = (y / 512).float().expand(1, 3, 512, 512)
    torch.testing.assert_close(
        face_of_photo(y_ramp, plain), faces_of(y_ramp, plain), atol=1e-3, rtol=0
    )
