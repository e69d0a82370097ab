from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import dancing
from reenactor.values import Frames, People, Skeleton
from reenactor_plugins.pose_estimator.blazepose.component import BlazePose
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions

DATA = Path(__file__).parents[5] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the photos and clips are not here")


def clip(name: str, count: int, first: int = 0) -> Frames:
    with av.open(str(DATA / "clips" / name)) as file:
        frames = [
            f.to_ndarray(format="rgb24")
            for _, f in zip(range(first + count), file.decode(video=0), strict=False)
        ]
    pixels = torch.from_numpy(np.stack(frames[first:]))
    return Frames(pixels, tuple(range(first, first + count)), name)


def photo(*names: str) -> Frames:
    """Photos side by side."""
    pictures = []
    for name in names:
        picture = cv2.imread(str(DATA / "ccp" / "photos" / name))
        assert picture is not None
        pictures.append(cv2.resize(picture, (550, 830))[..., ::-1])
    wide = np.concatenate(pictures, 1)
    return Frames(torch.from_numpy(np.ascontiguousarray(wide))[None], (0,), names[0])


def in_batches(estimator: BlazePose, frames: Frames, size: int) -> list[People]:
    found: list[People] = []
    for start in range(0, len(frames), size):
        found += estimator.estimate(frames[start : start + size], found[-1] if found else None)
    return found


def same(a: Sequence[People], b: Sequence[People]) -> bool:
    return len(a) == len(b) and all(
        torch.equal(getattr(p.skeleton, name), getattr(q.skeleton, name))
        and torch.equal(p.box, q.box)
        and torch.equal(p.score, q.score)
        and p.mask is not None
        and q.mask is not None
        and torch.equal(p.mask, q.mask)
        for p, q in zip(a, b, strict=True)
        for name in ("body", "hands", "face", "world")
    )


@pytest.mark.parametrize("size", [(1, 1), (64, 48)])
@pytest.mark.parametrize("threads", [1, 3])
def test_nobody_is_in_an_empty_picture(
    shipped: Runtime, size: tuple[int, int], threads: int
) -> None:
    estimator = BlazePose(BlazePoseOptions(threads=threads), shipped)
    frames = Frames(torch.full((2, *size, 3), 128, dtype=torch.uint8), (0, 1), "grey")
    assert [len(people) for people in estimator.estimate(frames)] == [0, 0]
    assert [len(people) for people in estimator.estimate(frames, People.nobody())] == [0, 0]


def test_a_drawn_dancer_is_found_where_it_was_drawn(shipped: Runtime) -> None:
    drawn = dancing(3, (480, 320))
    found = BlazePose(BlazePoseOptions(), shipped).estimate(drawn.frames)
    assert [len(people) for people in found] == [1, 1, 1]
    skeleton = Skeleton.joined([people.skeleton for people in found])
    gap = (skeleton.body - drawn.skeleton.body)[..., :2].norm(dim=-1)
    assert float(gap.mean()) < 0.015 * 480
    assert float(gap.max()) < 0.03 * 480
    assert float(skeleton.body[..., 2].min()) > 0.5
    truth, faces = drawn.skeleton.face[:, 36:60, :2], skeleton.face  # eyes and lips
    assert bool((faces[..., 2] > 0.5).all())
    assert float((faces[:, 36:60, :2] - truth).norm(dim=-1).mean()) < 0.015 * 480


def test_its_silhouette_is_the_drawn_one(shipped: Runtime) -> None:
    drawn = dancing(1, (480, 320))
    (people,) = BlazePose(BlazePoseOptions(hands=False), shipped).estimate(drawn.frames)
    assert people.mask is not None
    assert people.mask_box is not None
    x0, y0, x1, _ = people.mask_box[0].tolist()
    step = (x1 - x0) / people.mask.shape[-1]
    matrix = np.array([[step, 0, x0 + step / 2], [0, step, y0 + step / 2]])
    mask = cv2.warpAffine(people.mask[0, 0].numpy(), matrix, (320, 480)) > 0.5
    truth = drawn.parsing.labels[0].numpy() > 0
    assert (mask & truth).sum() / (mask | truth).sum() > 0.9


def test_two_drawn_dancers_are_two_people(shipped: Runtime) -> None:
    pixels = dancing(2, (480, 320)).frames.pixels
    frames = Frames(torch.cat([pixels, pixels.flip(2)], 2), (0, 1), "two")
    found = BlazePose(BlazePoseOptions(hands=False, face=False), shipped).estimate(frames)
    for people in found:
        hips = people.skeleton.body[:, Joint.MID_HIP, 0]
        assert sorted((hips > 320).tolist()) == [False, True]
        assert float(people.score[0]) >= float(people.score[1])
        assert not people.skeleton.hands.any()
        assert not people.skeleton.face.any()
    one = BlazePose(BlazePoseOptions(max_people=1, hands=False, face=False), shipped)
    assert [len(people) for people in one.estimate(frames)] == [1, 1]


def test_batches_and_threads_change_nothing(shipped: Runtime) -> None:
    frames = dancing(7, (480, 320)).frames
    one = BlazePose(BlazePoseOptions(threads=1), shipped)
    alone = in_batches(one, frames, 1)
    assert all(len(people) == 1 for people in alone)
    assert same(alone, in_batches(one, frames, 3))
    assert same(alone, in_batches(BlazePose(BlazePoseOptions(threads=2), shipped), frames, 7))
    assert same(alone, in_batches(BlazePose(BlazePoseOptions(threads=4), shipped), frames, 5))


@needs_data
def test_a_dancer_keeps_the_right_proportions(shipped: Runtime) -> None:
    (people,) = BlazePose(BlazePoseOptions(), shipped).estimate(clip("romp_sample2.mp4", 1, 40))
    assert len(people) == 1
    body = people.skeleton.body[0]
    x0, y0, x1, y1 = people.box[0].tolist()
    assert bool((body[:, 2] > 0.5).all())
    assert bool(((body[:, 0] > x0) & (body[:, 0] < x1)).all())
    assert bool(((body[:, 1] > y0) & (body[:, 1] < y1)).all())
    assert float(body[Joint.L_WRIST, 0]) > float(body[Joint.R_WRIST, 0])  # she faces the camera
    assert people.skeleton.world is not None
    world = people.skeleton.world[0]
    thigh = (world[Joint.L_HIP] - world[Joint.L_KNEE]).norm()
    assert 0.3 < float(thigh) < 0.55  # metres
    assert bool((people.skeleton.hands[0, :, 0, 2] > 0.5).all())
    assert people.skeleton.face[0, 30, 2] > 0.5
    nose = people.skeleton.face[0, 30, :2] - body[Joint.NOSE, :2]
    assert float(nose.norm()) < 0.02 * (y1 - y0)


@needs_data
def test_the_mask_covers_the_bones_and_not_the_wall(shipped: Runtime) -> None:
    (people,) = BlazePose(BlazePoseOptions(), shipped).estimate(clip("romp_sample2.mp4", 1))
    assert people.mask is not None
    assert people.mask_box is not None
    x0, y0, x1, _ = people.mask_box[0].tolist()
    step = (x1 - x0) / people.mask.shape[-1]
    torso = people.skeleton.body[0, [Joint.NECK, Joint.MID_HIP, Joint.L_KNEE, Joint.R_KNEE], :2]
    places = ((torso - torch.tensor([x0, y0])) / step).long()
    assert bool((people.mask[0, 0][places[:, 1], places[:, 0]] > 0.9).all())
    assert float(people.mask[0, 0, :, 0].max()) < 0.1
    assert 0.1 < float(people.mask.mean()) < 0.4


@needs_data
def test_both_of_two_people_are_found(shipped: Runtime) -> None:
    estimator = BlazePose(BlazePoseOptions(hands=False, face=False), shipped)
    (people,) = estimator.estimate(photo("0012.jpg", "0014.jpg"))
    assert len(people) == 2
    assert sorted((people.skeleton.body[:, Joint.MID_HIP, 0] > 550).tolist()) == [False, True]
