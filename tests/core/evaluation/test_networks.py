"""LPIPS, FID and FVD on their way from crops to figures, with networks of random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.evaluation.aggregate import aggregate
from reenactor.evaluation.annotation import Annotations
from reenactor.evaluation.comparison import Comparison, TargetSeen
from reenactor.evaluation.crops import Crops
from reenactor.evaluation.measure import measured
from reenactor.evaluation.networks import MetricNetworks
from reenactor.evaluation.report import VideoResult
from reenactor.evaluation.result import store, stored
from reenactor.media.photo import write_photo
from reenactor.metrics.body_shape import Shape
from reenactor.metrics.inception import Inception
from reenactor.metrics.lpips import Lpips
from reenactor.runtime import Runtime
from reenactor.values import Skeleton, Window

SIZE = (64, 64)


def no_weights(weight: object) -> Path:
    raise AssertionError("the networks are given")


def mean_colours(x: Tensor, rescale: bool, resize: bool, return_features: bool) -> Tensor:
    """Stands for I3D: the mean colour of a clip."""
    return x.mean((2, 3, 4))


@pytest.fixture
def tools() -> MetricNetworks:
    torch.manual_seed(0)
    network = Lpips("alex").eval().requires_grad_(False)
    for head in network.heads:
        head.fill_(1.0)
    return MetricNetworks(
        Runtime(weight=no_weights),
        _lpips={"alex": network},
        _i3d=[mean_colours],
    )


def crops(folder: Path, length: int, darker: float) -> Crops:
    generator = np.random.default_rng(0)
    made = Crops(folder, tuple(range(length)))
    for number in range(length):
        pixels = generator.integers(0, 255, (*SIZE, 3)) * darker
        write_photo(made.path(number), pixels.astype(np.uint8))
    return made


def material(folder: Path, length: int, darker: float) -> Comparison:
    nothing = torch.zeros(length, *SIZE, dtype=torch.uint8)
    seen = torch.ones(length, dtype=torch.bool)
    nobody = Skeleton.empty(length)
    found = Annotations(nothing, nothing, nobody.body, nobody.hands, seen, ~seen, torch.zeros(0, 1))
    return Comparison(
        crops(folder / "made", length, darker),
        found,
        crops(folder / "true", length, 1.0),
        found,
        tuple(range(length)),
        TargetSeen(Shape({}, float("nan")), torch.zeros(0, 1)),
        nobody,
        Window(torch.tensor([[0.0, 0.0, SIZE[1], SIZE[0]]]).repeat(length, 1), SIZE),
        torch.full((length,), torch.nan),
        25.0,
    )


def test_lpips_and_fvd(tmp_path: Path, tools: MetricNetworks) -> None:
    names = ("lpips-alex", "fvd")
    equal = measured(material(tmp_path / "a", 32, 1.0), names, tools)
    worse = measured(material(tmp_path / "b", 32, 0.5), names, tools)
    assert equal.values["lpips-alex"] == [0] * 32
    assert min(worse.values["lpips-alex"]) > 0
    figures = aggregate({"v": equal}, names, 10, 0), aggregate({"v": worse}, names, 10, 0)
    assert figures[0]["fvd"].value == pytest.approx(0, abs=1e-6)
    # Half as bright: the mean colour goes from 0 to -1/2 in each of three channels.
    assert figures[1]["fvd"].value == pytest.approx(3 * 0.25, rel=0.05)
    assert figures[1]["fvd"].count == 2


def test_fid_is_kept_with_the_result(tmp_path: Path, tools: MetricNetworks) -> None:
    names = ("fid", "fid-clean")
    tools._inception.append(Inception().eval().requires_grad_(False))
    made = measured(material(tmp_path, 2, 0.5), names, tools)
    assert {name: rows.shape for name, rows in made.features.items()} == {
        f"{name}.{side}": (2, 2048) for name in names for side in ("made", "true")
    }
    record, inputs = tmp_path / "result.json", {"x": 1}
    store(record, inputs, VideoResult(made, (), (), ()))
    again = stored(record, inputs)
    assert again is not None
    one, other = (aggregate({"v": m}, names, 0, 0) for m in (made, again.measured))
    assert one == other
    assert one["fid"].value > 0
    assert stored(record, {"x": 2}) is None
