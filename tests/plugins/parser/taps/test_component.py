"""The parser as a whole: sizes, sides, nobody, and that nothing depends on its neighbours."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reenactor.labels import NUM_LABELS, Label
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor.values import Frames, Skeleton
from reenactor_plugins.parser.taps.component import TapsParser
from reenactor_plugins.parser.taps.options import TapsOptions
from reenactor_plugins.pose_estimator.blazepose.component import BlazePose
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions

CCP = Path(__file__).parents[5] / "shared" / "data" / "ccp" / "photos"


@pytest.fixture(scope="module")
def parser(runtime: Runtime) -> TapsParser:
    return TapsParser(TapsOptions(views="one"), runtime)


def test_a_batch_is_its_frames_one_by_one(parser: TapsParser, drawn: Drawn) -> None:
    together = parser.parse(drawn.frames, drawn.skeleton).labels
    for t in range(len(drawn.frames)):
        alone = parser.parse(drawn.frames[t : t + 1], drawn.skeleton[t : t + 1]).labels
        assert torch.equal(alone[0], together[t])
    assert torch.equal(parser.parse(drawn.frames, drawn.skeleton).labels, together)


@pytest.mark.parametrize("size", [(61, 201), (333, 57), (1100, 801)])
def test_labels_have_the_size_of_the_picture(
    parser: TapsParser, drawn: Drawn, size: tuple[int, int]
) -> None:
    picture = cv2.resize(drawn.frames.pixels[0].numpy(), (size[1], size[0]))
    scale = torch.tensor([size[1] / 167, size[0] / 223])
    matrix = torch.cat([torch.diag(scale), torch.zeros(2, 1)], 1)[None]
    frames = Frames(torch.from_numpy(picture)[None], (0,), "x")
    labels = parser.parse(frames, drawn.skeleton[:1].moved(matrix)).labels
    assert labels.shape == (1, *size)


def test_nobody_is_background(parser: TapsParser, drawn: Drawn) -> None:
    assert not parser.parse(drawn.frames, Skeleton.empty(3)).labels.any()


def test_a_skeleton_beside_the_picture_is_no_error(parser: TapsParser, drawn: Drawn) -> None:
    away = torch.tensor([[[1.0, 0, 5000], [0, 1, 0]]])
    assert not parser.parse(drawn.frames[:1], drawn.skeleton[:1].moved(away)).labels.any()


def test_no_frames(parser: TapsParser, drawn: Drawn) -> None:
    assert parser.parse(drawn.frames[:0], drawn.skeleton[:0]).labels.shape == (0, 223, 167)


def test_hands_are_drawn_from_their_key_points(parser: TapsParser, drawn: Drawn) -> None:
    labels = parser.parse(drawn.frames[:1], drawn.skeleton[:1]).labels[0]
    for side, label in enumerate((Label.LEFT_HAND, Label.RIGHT_HAND)):
        x, y = drawn.skeleton.hands[0, side, 9, :2].round().int().tolist()
        assert labels[y, x] == label


def street(name: str, runtime: Runtime) -> tuple[Frames, Skeleton]:
    """A street photo that training never saw, for it has no labels."""
    path = CCP / f"{name}.jpg"
    if not path.is_file():
        pytest.skip("the photos of Clothing Co-Parsing are not at ../shared/data/ccp")
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert picture is not None
    frames = Frames(torch.from_numpy(picture[:, :, ::-1].copy())[None], (0,), name)
    return frames, BlazePose(BlazePoseOptions(), runtime).estimate(frames)[0].skeleton[:1]


@pytest.fixture(scope="module")
def photo(runtime: Runtime) -> tuple[Frames, Skeleton]:
    """A woman in a long white dress."""
    return street("1730", runtime)


def test_a_photo_is_labelled(runtime: Runtime, photo: tuple[Frames, Skeleton]) -> None:
    frames, skeleton = photo
    labels = TapsParser(TapsOptions(), runtime).parse(frames, skeleton).labels[0]
    at = {j: labels[int(y), int(x)] for j, (x, y, _) in enumerate(skeleton.body[0].tolist())}
    assert at[0] == Label.FACE
    assert at[3] == Label.RIGHT_ARM
    assert at[6] == Label.LEFT_ARM
    assert at[8] == Label.DRESS
    share = float((labels > 0).float().mean())
    assert 0.08 < share < 0.2


def test_the_wanted_one_of_two_is_labelled(
    runtime: Runtime, parser: TapsParser, photo: tuple[Frames, Skeleton]
) -> None:
    frames, skeleton = photo
    width = frames.size[1]
    twice = Frames(torch.cat([frames.pixels, frames.pixels.flip(2)], 2), (0,), "two")
    other = skeleton.mirrored(width).moved(torch.tensor([[[1.0, 0, width], [0, 1, 0]]]))
    left, right = (parser.parse(twice, who).labels[0] > 0 for who in (skeleton, other))
    assert not left[:, width:].any()
    assert not right[:, :width].any()
    alike = left[:, :width] == right[:, width:].flip(1)
    assert float(alike.float().mean()) > 0.98


def test_a_photo_of_many_megapixels_gives_the_same(
    parser: TapsParser, photo: tuple[Frames, Skeleton]
) -> None:
    frames, skeleton = photo
    small = parser.parse(frames, skeleton).labels[0]
    pixels = frames.pixels[0].numpy()
    large = cv2.resize(pixels, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    matrix = torch.tensor([[[3.0, 0, 1], [0, 3, 1]]])
    big = Frames(torch.from_numpy(large)[None], (0,), "big")
    found = parser.parse(big, skeleton.moved(matrix)).labels[0][1::3, 1::3]
    assert float((found == small).float().mean()) > 0.98


def test_a_bag_may_stay_behind_or_move_along(runtime: Runtime, parser: TapsParser) -> None:
    with_bag = street("1072", runtime)  # a black one, carried beside the knee
    behind = parser.parse(*with_bag).labels[0]
    along = TapsParser(TapsOptions(views="one", bags="garment"), runtime).parse(*with_bag).labels[0]
    assert not behind[640:720, 340:370].any()
    assert along[640:720, 340:370].all()
    assert int(along.max()) < NUM_LABELS


def test_it_learnt_left_and_right(parser: TapsParser, photo: tuple[Frames, Skeleton]) -> None:
    frames, skeleton = photo
    usual = parser.parse(frames, skeleton)
    flipped = Frames(frames.pixels.flip(2), (0,), "flipped")
    mirrored = parser.parse(flipped, skeleton.mirrored(frames.size[1]))
    alike = mirrored.mirrored().labels == usual.labels
    assert float(alike.float().mean()) > 0.97
    assert np.isin(int(Label.LEFT_ARM), usual.labels.numpy())
