"""FVD: clips, and refusal without weights; the network itself is not to be had in tests."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.metrics.fvd import clips, features, load_i3d
from reenactor.runtime import CPU, Runtime
from reenactor.weights import WeightStore


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="i3d_torchscript"):
        load_i3d(Runtime(weight=WeightStore(tmp_path).path))


def test_another_program_is_never_given_to_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever finds the file: it may have been replaced after it was checked."""
    (tmp_path / "i3d.pt").write_bytes(b"another program")
    loaded: list[object] = []
    monkeypatch.setattr(torch.jit, "load", lambda *given, **_: loaded.append(given))
    with pytest.raises(WeightsError, match="another version"):
        load_i3d(Runtime(weight=lambda _: tmp_path / "i3d.pt"))
    assert not loaded


@pytest.mark.parametrize("size", [(64, 40), (40, 64), (50, 50)])
def test_clips(size: tuple[int, int]) -> None:
    numbered = torch.arange(35).float()[:, None, None, None].expand(35, 3, *size) / 35
    out = clips(numbered)
    assert out.shape == (2, 3, 16, 224, 224)
    assert torch.allclose(out[1, 0, :, 100, 100], (torch.arange(16) + 16) / 35 * 2 - 1, atol=1e-6)


def test_the_middle_square_is_seen() -> None:
    picture = torch.zeros(16, 3, 80, 40)
    picture[:, :, 20:60] = 1  # the middle square of a portrait canvas
    assert float(clips(picture)[..., 8:-8, :].min()) > 0.999


def test_features_are_asked_for_before_the_softmax() -> None:
    def detector(x: Tensor, rescale: bool, resize: bool, return_features: bool) -> Tensor:
        assert (rescale, resize, return_features) == (False, False, True)
        return x.mean((2, 3, 4))

    found = features(detector, torch.ones(32, 3, 30, 20), CPU)
    assert torch.allclose(found, torch.ones(2, 3))
    assert features(detector, torch.ones(3, 3, 30, 20), CPU).shape == (0, 400)
