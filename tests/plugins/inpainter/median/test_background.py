"""Backgrounds of whole videos."""

import cv2
import numpy as np
import torch

from reenactor.roles import HeldFootage
from reenactor.values import Frames
from reenactor_plugins.inpainter.median.background import Shelf, background_of
from reenactor_plugins.inpainter.median.options import MedianOptions
from reenactor_plugins.inpainter.median.plate import Plate

SIZE = (200, 280)


def world() -> np.ndarray:
    noise = np.random.default_rng(3).random((400, 1200, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return np.asarray(40 + 170 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)


def footage(shifts: list[tuple[int, int]]) -> HeldFootage:
    """Somebody walks to and fro before a camera that moves by these pixels."""
    pictures, holes = [], []
    for t, (x, y) in enumerate(shifts):
        picture = world()[100 + y : 100 + y + SIZE[0], 50 + x : 50 + x + SIZE[1]].copy()
        hole = np.zeros(SIZE, bool)
        left = 120 + round(70 * np.sin(t / 3))
        hole[60:180, left : left + 40] = True
        picture[hole] = (200, 20, 20)
        pictures.append(picture)
        holes.append(hole)
    frames = Frames(torch.from_numpy(np.stack(pictures)), tuple(range(len(shifts))), "walk")
    return HeldFootage(frames, torch.from_numpy(np.stack(holes)))


def test_a_still_camera_has_one_plate_for_all_frames() -> None:
    found = background_of(footage([(0, 0)] * 12), MedianOptions(), 0)
    assert len(found.plates) == 1
    assert all(found.sights[t][0].matrix is None for t in range(12))


def test_a_passing_screen_does_not_move_a_still_camera() -> None:
    given = footage([(0, 0)] * 12)
    for t, (frames, _) in enumerate(given.read(range(12))):
        frames.pixels[0, 10:50, 20:90] = torch.from_numpy(world()[:40, 70 * t : 70 * t + 70])
    found = background_of(given, MedianOptions(), 0)
    assert found.sights[0][0].matrix is None


def test_a_pan_fades_from_plate_to_plate() -> None:
    """Shares add up, change little from frame to frame, and plates hold what the camera saw."""
    found = background_of(footage([(10 * t, 0) for t in range(40)]), MedianOptions(), 0)
    assert len(found.plates) > 1
    before: dict[int, float] = {}
    for t in range(40):
        shares = {sight.plate: sight.share for sight in found.sights[t]}
        assert abs(sum(shares.values()) - 1) < 1e-9
        if before:
            jump = max(abs(shares.get(k, 0) - before.get(k, 0)) for k in shares | before)
            assert jump < 0.5
        before = shares
        sight = found.sights[t][0]
        plate = found.plates[sight.plate]
        assert sight.matrix is not None
        back = cv2.warpPerspective(
            plate.picture, sight.matrix, SIZE[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        truth = world()[100 : 100 + SIZE[0], 50 + 10 * t : 50 + 10 * t + SIZE[1]]
        inside = slice(70, 170), slice(60, 220)
        assert np.median(np.abs(back.astype(int) - truth)[inside]) < 8


def test_plates_come_back_from_the_shelf_unchanged() -> None:
    shelf = Shelf()
    plates = [
        Plate(
            world()[:50, 60 * n : 60 * n + 60],
            world()[:50, :60, 0] > 99 + n,
            world()[:50, :60, 1] > 99 - n,
            np.eye(3) * (n + 1),
        )
        for n in range(6)
    ]
    numbers = [shelf.add(plate) for plate in plates]
    for number, plate in zip(numbers, plates, strict=True):
        again = shelf[number]
        assert np.array_equal(again.picture, plate.picture)
        assert np.array_equal(again.seen, plate.seen)
        assert np.array_equal(again.calm, plate.calm)
        assert np.array_equal(again.corner, plate.corner)


def test_a_plain_room_whose_floor_line_moves_has_a_moving_camera() -> None:
    random = np.random.default_rng(4)
    pictures = np.full((8, *SIZE, 3), 190.0)
    for t, picture in enumerate(pictures):
        picture[150 - t :] = (110, 90, 70)
    pictures += random.normal(0, 1.5, pictures.shape)
    frames = Frames(torch.from_numpy(pictures.clip(0, 255).astype(np.uint8)), tuple(range(8)), "")
    holes = torch.zeros(8, *SIZE, dtype=torch.bool)
    holes[:, 100:190, 120:160] = True
    found = background_of(HeldFootage(frames, holes), MedianOptions(), 0)
    for t in (0, 7):
        (sight,) = found.sights[t]
        assert sight.matrix is not None
        plate = found.plates[sight.plate]
        line = sight.matrix @ [200, 150 - t, 1]
        first = found.sights[0][0].matrix
        assert first is not None
        assert abs(line[1] - (first @ [200, 150, 1])[1]) < 0.5
        assert plate.seen.any()
