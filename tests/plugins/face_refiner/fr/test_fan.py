"""The face alignment network around the package, which is not needed for these tests."""

import sys
import types
from pathlib import Path

import pytest
import torch
from torch import nn

from reenactor.errors import PluginError, WeightsError
from reenactor.runtime import Runtime
from reenactor_plugins.face_refiner.fr.fan import FaceAlignmentNetwork, peaks, squares


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the file is an option")

    return Runtime(weight=no_weight)


def test_without_a_file_it_says_which() -> None:
    with pytest.raises(WeightsError, match="`fan`"):
        FaceAlignmentNetwork(None, runtime())


def test_without_the_package_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "face_alignment", None)
    torch.save({}, tmp_path / "fan.pth")
    with pytest.raises(PluginError, match="package"):
        FaceAlignmentNetwork(tmp_path / "fan.pth", runtime())


def test_peaks_lean_towards_the_higher_neighbour() -> None:
    maps = torch.zeros(1, 2, 64, 64)
    maps[0, 0, 20, 30] = 0.9
    maps[0, 0, 20, 31] = 0.4
    maps[0, 0, 19, 30] = 0.3
    maps[0, 1, 0, 63] = 0.5  # in a corner there is no leaning
    # 4 pixels for each of the map's, whose centres are at 1.5, 5.5, ..; a quarter of 4 is 1.
    expected = torch.tensor([[[30 * 4 + 1.5 + 1, 20 * 4 + 1.5 - 1, 0.9], [253.5, 1.5, 0.5]]])
    torch.testing.assert_close(peaks(maps), expected)


def test_the_square_is_200_times_the_scale_and_lies_a_little_higher() -> None:
    """face-alignment: scale = (w + h) / 195, centre raised by .12 h, 200 * scale pixels seen."""
    points = torch.tensor([[[100.0, 200.0], [178.0, 317.0]]])  # 78 x 117
    x0, y0, x1, y1 = squares(points)[0].tolist()
    assert abs((x1 - x0) - 200) < 1e-3
    assert abs((x0 + x1) / 2 - 139) < 1e-3
    assert abs((y0 + y1) / 2 - (258.5 - 0.12 * 117)) < 1e-3


class Dots(nn.Module):
    """Stands for FAN: every map shows where the picture is brightest."""

    def __init__(self, modules: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        return [
            nn.functional.max_pool2d(x.mean(1, keepdim=True), 4).expand(-1, 68, -1, -1)
            * self.weight
        ]


def test_points_are_found_in_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = types.ModuleType("face_alignment.models")
    models.FAN = Dots  # type: ignore[attr-defined]  # a stand-in module
    monkeypatch.setitem(sys.modules, "face_alignment", types.ModuleType("face_alignment"))
    monkeypatch.setitem(sys.modules, "face_alignment.models", models)
    torch.save({"weight": torch.ones(1)}, tmp_path / "fan.pth")
    network = FaceAlignmentNetwork(tmp_path / "fan.pth", runtime())

    picture = torch.zeros(2, 3, 120, 160)
    picture[:, :, 58:61, 70:73] = 1
    face = torch.zeros(2, 70, 3)
    face[0, :, 2] = 1
    face[0, :68, :2] = torch.tensor([[50.0, 40.0], [90.0, 80.0]]).repeat(34, 1)
    found = network.refined(picture, face)
    # Within a pixel of the heat map, which is 1.3 pixels of the picture here.
    assert (found[0, :68, :2] - torch.tensor([71.0, 59.0])).abs().max() < 2
    assert torch.equal(found[0, 68:], face[0, 68:])
    assert torch.equal(found[1], face[1])
