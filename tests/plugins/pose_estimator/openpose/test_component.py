"""The role: source pixels, files, hands in a mirror."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from reenactor.errors import WeightsError
from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.values import Frames
from reenactor_plugins.pose_estimator.openpose.component import OpenPose, seen
from reenactor_plugins.pose_estimator.openpose.layout import BODY_25, KeypointLayout
from reenactor_plugins.pose_estimator.openpose.network import Body25, Coco, PointMaps
from reenactor_plugins.pose_estimator.openpose.options import OpenPoseOptions

Draw = Callable[[Sequence[Tensor], tuple[int, int]], tuple[Tensor, Tensor]]
Figure = Callable[..., Tensor]


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the files are options")

    return Runtime(weight=no_weight)


def estimator(**options: object) -> OpenPose:
    given = {"weights": "random", "height": 64, **options}
    return OpenPose(OpenPoseOptions.model_validate(given), runtime())


def frames(*size: int) -> Frames:
    source = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (1, *size, 3), generator=source).byte()
    return Frames(pixels, (0,), "photo")


class Given(nn.Module):
    """Stands for the body network: gives what was drawn."""

    layout: KeypointLayout = BODY_25

    def __init__(self, heat: Tensor, fields: Tensor) -> None:
        super().__init__()
        background = torch.zeros_like(heat[:1])
        self.maps = torch.cat([heat, background])[None], fields[None]

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        assert pictures.shape[2] == self.maps[0].shape[2] * 8
        assert pictures.shape[3] == self.maps[0].shape[3] * 8
        return self.maps


def test_points_come_in_pixels_of_the_source(draw: Draw, standing: Figure) -> None:
    """A frame of 736 x 1299: half as large for the network, 650 wide and padded to 656."""
    one = estimator(height=368)
    drawn = standing(300, 180)
    one.body = Given(*draw([drawn], (368, 656)))  # type: ignore[assignment]  # a stand-in network
    (people,) = one.estimate(frames(736, 1299))
    assert len(people) == 1
    scale = torch.tensor([1299 / 650, 2.0])
    expected = (drawn[:, :2] + 0.5) * scale - 0.5
    assert float((people.skeleton.body[0, :, :2] - expected).abs().max()) < 3
    assert float(people.score) == pytest.approx(people.skeleton.body[0, :, 2].mean().item())
    assert not people.skeleton.hands.any()
    low, high = people.box[0, :2], people.box[0, 2:]
    points = people.skeleton.body[0, :, :2]
    assert torch.equal(low, points.amin(0))
    assert torch.equal(high, points.amax(0))


def test_what_is_padding_is_nobody(draw: Draw, standing: Figure) -> None:
    one = estimator(height=368)
    one.body = Given(*draw([standing(540, 180)], (368, 592)))  # type: ignore[assignment]  # a stand-in network
    (people,) = one.estimate(frames(368, 578))
    body = people.skeleton.body[0]
    assert (body[:, 0] < 579).all()
    assert body[Joint.L_WRIST, 2] == 0  # it is drawn at 596
    assert body[Joint.R_WRIST, 2] > 0


@pytest.mark.parametrize("size", [(61, 47), (90, 201), (64, 64), (300, 10)])
def test_any_size(size: tuple[int, int]) -> None:
    assert len(estimator().estimate(frames(*size))) == 1


def test_the_network_sees_bgr_around_zero() -> None:
    red = torch.zeros(32, 40, 3, dtype=torch.uint8)
    red[..., 0] = 255
    given, size = seen(red.numpy(), 64)
    assert size == (64, 80)
    assert given.shape == (1, 3, 64, 80)
    assert given[0, :, 5, 5].tolist() == [-0.5, -0.5, 255 / 256 - 0.5]


class Bright(PointMaps):
    """Stands for the hand and face networks: every point is where the picture is brightest."""

    def __init__(self) -> None:
        nn.Module.__init__(self)

    def forward(self, pictures: Tensor) -> Tensor:
        return nn.functional.avg_pool2d(pictures.mean(1, keepdim=True), 8).expand(-1, 71, -1, -1)


def test_hands_and_faces_in_pixels_of_the_source(draw: Draw, standing: Figure) -> None:
    one = estimator(height=368)
    one.body = Given(*draw([standing(300, 180)], (368, 656)))  # type: ignore[assignment]  # a stand-in network
    one.hand = one.face = Bright()
    pixels = torch.zeros(1, 368, 656, 3, dtype=torch.uint8)
    # Off the middle of each square, so that a forgotten mirror would show.
    spots = {"left": (375, 185), "right": (232, 190), "face": (308, 40)}
    for x, y in spots.values():
        pixels[0, y - 3 : y + 4, x - 3 : x + 4] = 255
    (people,) = one.estimate(Frames(pixels, (0,), "video"))
    left, right = people.skeleton.hands[0]
    for points, name in ((left, "left"), (right, "right"), (people.skeleton.face[0], "face")):
        assert float((points[:, :2] - torch.tensor(spots[name])).abs().max()) < 4, name
        assert points[:, 2].min() > 0


def test_public_files_of_every_network(tmp_path: Path) -> None:
    """Flat Caffe names; the kind of body network is told by its layers."""
    with torch.device("meta"):
        networks = {
            "body": Body25(),
            "coco": Coco(),
            "hand": PointMaps(21),
            "face": PointMaps(70),
        }
    files = {}
    for name, network in networks.items():
        state = {  # of one number each, for the files' sake
            key.removeprefix("layers."): torch.zeros(()).expand(value.shape)
            for key, value in network.state_dict().items()
        }
        files[name] = tmp_path / f"{name}.pth"
        torch.save(state, files[name])
    one = estimator(weights=files["body"], hands=files["hand"], face=files["face"])
    assert isinstance(one.body, Body25)
    assert one.hand is not None
    assert one.face is not None
    coco = estimator(weights=files["coco"])
    assert isinstance(coco.body, Coco)
    assert len(coco.estimate(frames(64, 48))) == 1
    with pytest.raises(WeightsError, match="BODY_25"):
        estimator(weights=files["hand"])


def test_public_networks_come_from_the_weight_store(tmp_path: Path) -> None:
    with torch.device("meta"):
        made = {"body": Coco(), "hands": PointMaps(21), "face": PointMaps(70)}
    for name, network in made.items():
        state = {
            key.removeprefix("layers."): torch.zeros(()).expand(value.shape)
            for key, value in network.state_dict().items()
        }
        torch.save(state, tmp_path / f"openpose-{name}.pth")
    stored = Runtime(weight=lambda weight: tmp_path / f"{weight.name}.pth")
    one = OpenPose(OpenPoseOptions(hands="public", face="public", height=64), stored)
    assert isinstance(one.body, Coco)
    assert one.hand is not None
    assert one.face is not None
    assert OpenPose(OpenPoseOptions(height=64), stored).hand is None
    names = frozenset({"openpose-body", "openpose-hands", "openpose-face"})
    assert OpenPoseOptions(hands="public").required_weights(names) == {
        "openpose-body", "openpose-hands"
    }  # fmt: skip
    assert not OpenPoseOptions(weights="random").required_weights(names)


def test_coco_people_become_body_25(draw: Draw, standing: Figure) -> None:
    from reenactor_plugins.pose_estimator.openpose.layout import COCO
    from reenactor_plugins.pose_estimator.openpose_files.people import COCO as ORDER

    drawn = standing(300, 180)
    heat, fields = draw([drawn], (368, 656))
    own = {(limb.first, limb.second): limb.channel for limb in BODY_25.limbs}
    moved = torch.zeros(38, *fields.shape[1:])
    for limb in COCO.limbs:
        a, b = ORDER[limb.first], ORDER[limb.second]
        if (a, b) in own:  # all but neck to hips
            moved[limb.channel : limb.channel + 2] = fields[own[a, b] : own[a, b] + 2]
    one = estimator(height=368)
    given = Given(heat[list(ORDER)], moved)
    given.layout = COCO
    one.body = given  # type: ignore[assignment]  # a stand-in network
    people = one.estimate(frames(368, 656))[0]
    arms = [Joint.NECK, Joint.L_ELBOW, Joint.R_WRIST, Joint.NOSE, Joint.R_EAR]
    bodies = people.skeleton.body[:, arms]
    away = (bodies[..., :2] - drawn[arms, :2]).abs().amax((1, 2))
    assert float(away.min()) < 2
    assert not people.skeleton.body[:, Joint.L_BIG_TOE :].any()
