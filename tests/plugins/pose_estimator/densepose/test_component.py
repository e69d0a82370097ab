"""The role: boxes from key points, charts on the canvas, public files."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from reenactor.errors import WeightsError
from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.values import Frames, Skeleton
from reenactor_plugins.pose_estimator.densepose.component import (
    MEAN_BGR,
    DensePoseEstimator,
    boxes_of,
    laid,
)
from reenactor_plugins.pose_estimator.densepose.network import (
    DensePose,
    DensePoseArchitecture,
    DensePoseCharts,
)
from reenactor_plugins.pose_estimator.densepose.options import DensePoseOptions

CANVAS = (96, 64)


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the file is an option")

    return Runtime(weight=no_weight)


@pytest.fixture(scope="module")
def estimator() -> DensePoseEstimator:
    return DensePoseEstimator(DensePoseOptions(weights="random", side=64), runtime())


def skeleton(*boxes: tuple[float, float, float, float] | None) -> Skeleton:
    """People without heads, whose ankles and shoulders span boxes."""
    people = Skeleton.empty(len(boxes))
    body = people.body.clone()
    for t, box in enumerate(boxes):
        if box is not None:
            body[t, Joint.R_SHOULDER] = torch.tensor([box[0], box[1], 1.0])
            body[t, Joint.L_ANKLE] = torch.tensor([box[2], box[3], 1.0])
    return Skeleton(body, people.hands, people.face)


def frames(count: int = 1) -> Frames:
    source = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (count, *CANVAS, 3), generator=source).byte()
    return Frames(pixels, tuple(range(count)), "canvas")


def charts(part: Tensor, u: float, v: float, body: Tensor) -> DensePoseCharts:
    """Sure of parts (112 x 112), and of one U and V wherever they are."""
    fine = torch.nn.functional.one_hot(part.long(), 25).permute(2, 0, 1)[None] * 10.0
    coarse = torch.stack([1 - body, body])[None]
    own = torch.arange(25.0)[None, :, None, None].expand(1, 25, 112, 112) / 24
    return DensePoseCharts(coarse, fine, own * u, own * v)


def test_a_box_is_around_the_key_points_and_on_the_canvas() -> None:
    given = skeleton((10, 20, 30, 70), None, (-50, 40, 30, 200), (200, 10, 240, 40))
    boxes = boxes_of(given, CANVAS, 0.1)
    # Half a pixel for edges; a tenth of 50 and of 160 on every side.
    torch.testing.assert_close(boxes[0], torch.tensor([5.5, 15.5, 35.5, 75.5]))
    assert boxes[1].isnan().all()
    torch.testing.assert_close(boxes[2], torch.tensor([0, 24.5, 46.5, 96]))
    assert boxes[3].isnan().all()


def test_charts_are_laid_into_the_box() -> None:
    part = torch.full((112, 112), 2)
    part[56:] = 12  # the lower half
    body = torch.ones(112, 112)
    body[:, 56:] = 0  # the right half is background
    found, uv = laid(charts(part, 0.6, 0.9, body), torch.tensor([8.0, 16, 40, 80]), CANVAS)
    assert (found[16:48, 8:24] == 2).all()
    assert (found[48:80, 8:24] == 12).all()
    outside = found.clone()
    outside[16:80, 8:24] = 0
    assert not outside.any()
    torch.testing.assert_close(uv[:, 20, 10], torch.tensor([2 / 24 * 0.6, 2 / 24 * 0.9]))
    torch.testing.assert_close(uv[:, 70, 10], torch.tensor([0.3, 0.45]))
    assert not uv[:, found == 0].any()


def test_u_and_v_stay_in_their_range() -> None:
    part, body = torch.full((112, 112), 24), torch.ones(112, 112)
    _, uv = laid(charts(part, 1.7, -0.4, body), torch.tensor([0.0, 0, 10, 10]), CANVAS)
    assert uv[0, :10, :10].unique().tolist() == [1]  # type: ignore[no-untyped-call]  # untyped in torch
    assert not uv[1].any()


def test_a_box_at_the_corner() -> None:
    part, body = torch.full((112, 112), 1), torch.ones(112, 112)
    found, _ = laid(charts(part, 0, 0, body), torch.tensor([63.2, 95.4, 64, 96]), CANVAS)
    assert found.sum() == found[95, 63] == 1


class Asked(DensePose):
    """Stands for the network: remembers what it was asked."""

    def __init__(self) -> None:
        nn.Module.__init__(self)

    def forward(self, pictures: Tensor, boxes: Tensor) -> DensePoseCharts:
        self.pictures, self.boxes = pictures, boxes
        return charts(torch.full((112, 112), 3), 1, 1, torch.ones(112, 112))


def asking(monkeypatch: pytest.MonkeyPatch, **options: float) -> tuple[DensePoseEstimator, Asked]:
    asked = Asked()
    monkeypatch.setattr(f"{DensePoseEstimator.__module__}.random_network", lambda *_: asked)
    given = DensePoseOptions.model_validate({"weights": "random", **options})
    return DensePoseEstimator(given, runtime()), asked


def test_what_the_network_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    one, asked = asking(monkeypatch, side=128, margin=0)
    pixels = torch.zeros(1, *CANVAS, 3, dtype=torch.uint8)
    pixels[..., 0] = 200  # red
    found = one.dense(Frames(pixels, (0,), "canvas"), skeleton((9.5, 19.5, 29.5, 69.5)))
    assert asked.pictures.shape == (1, 3, 192, 128)  # twice the canvas
    colour = asked.pictures[0, :, 50, 50] + torch.tensor(MEAN_BGR)
    torch.testing.assert_close(colour, torch.tensor([0.0, 0, 200]))
    torch.testing.assert_close(asked.boxes, torch.tensor([[20.0, 40, 60, 140]]))
    assert (found.part[0, 20:70, 10:30] == 3).all()
    assert found.part.sum() == 3 * 50 * 20


def test_a_long_canvas_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    one, asked = asking(monkeypatch, side=96)
    pixels = torch.zeros(1, 400, 100, 3, dtype=torch.uint8)
    one.dense(Frames(pixels, (0,), "canvas"), skeleton((10, 10, 80, 380)))
    assert asked.pictures.shape[2:] == (160, 64)  # 160 is 96 * 1333 / 800; 40 is padded to 64


def test_nobody_is_background_and_frames_do_not_mix(estimator: DensePoseEstimator) -> None:
    given = skeleton((10, 20, 40, 80), None, (5, 5, 60, 90))
    found = estimator.dense(frames(3), given)
    assert not found.part[1].any()
    for t in (0, 2):
        alone = estimator.dense(frames(3)[t : t + 1], given[t : t + 1])
        assert torch.equal(alone.part[0], found.part[t])
        assert torch.equal(alone.uv[0], found.uv[t])


def test_public_files(tmp_path: Path) -> None:
    """A pickle of arrays as in the model zoo, what finds people included."""
    with torch.device("meta"):
        state = DensePose(DensePoseArchitecture(coarse=15)).state_dict()
    arrays = {
        key: np.broadcast_to(np.float32(0.001), tuple(value.shape))
        for key, value in state.items()
        if "num_batches" not in key
    }
    told = "roi_heads.decoder.predictor.weight"  # by which it is known
    kept = {key: value for key, value in arrays.items() if value.size < 1000 or key == told}
    model = {**kept, "roi_heads.box_head.fc1.bias": np.zeros(1024, np.float32)}
    path = tmp_path / "model_final.pkl"
    path.write_bytes(pickle.dumps({"model": model, "__author__": "somebody"}))
    with pytest.raises(WeightsError, match=f"{len(arrays) - len(kept)} missing") as caught:
        DensePoseEstimator(DensePoseOptions(weights=path), runtime())
    assert "unknown" not in str(caught.value)
    tensors = {key: torch.full((), 0.001).expand(value.shape) for key, value in arrays.items()}
    torch.save({"model": tensors, "iteration": 9}, tmp_path / "model_final.pth")
    options = DensePoseOptions(weights=tmp_path / "model_final.pth", side=64)
    assert DensePoseEstimator(options, runtime()).network.architecture == DensePoseArchitecture(
        coarse=15
    )
    stored = Runtime(weight=lambda weight: tmp_path / "model_final.pth")
    public = DensePoseEstimator(DensePoseOptions(side=64), stored)
    assert public.network.architecture == DensePoseArchitecture(coarse=15)
