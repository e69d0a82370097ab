"""The registry: names, directions, and refusals."""

import subprocess
import sys
from pathlib import Path

import pytest

from reenactor.errors import UsageError, WeightsError
from reenactor.metrics import METRICS, TABLE_1, Better, Need, missing, named, require
from reenactor.metrics.weights import METRIC_WEIGHTS
from reenactor.weights import WeightStore

DOCS = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_directions_of_the_paper() -> None:
    arrows = [METRICS[name].better.arrow for name in TABLE_1]
    assert arrows == ["↑", "↑", "↑", "↑", "↓", "↓", "↓", "↓"]
    assert METRICS["ssim"].better is Better.HIGHER


def test_versions_tell_metrics_apart() -> None:
    versions = [metric.version for metric in METRICS.values()]
    assert len(set(versions)) == len(versions)
    assert METRICS["ssim"].version == "ssim[gaussian11,1.5,range1]"
    assert METRICS["lpips-vgg"].version == "lpips[vgg,0.1]"
    assert METRICS["fid"].version == "fid[pytorch-fid,2048]"
    assert all(metric.low < metric.high for metric in METRICS.values())


def test_names() -> None:
    assert tuple(m.name for m in named(["table1"])) == TABLE_1
    assert len(named(["all"])) == len(METRICS)
    assert [m.name for m in named(["psnr", "psnr"])] == ["psnr"]
    with pytest.raises(UsageError, match="did you mean 'ssim'"):
        named(["sim"])


def test_missing_weights_are_refused_with_the_way_to_get_them(tmp_path: Path) -> None:
    store = WeightStore(tmp_path)
    with pytest.raises(WeightsError) as caught:
        require(METRICS["lpips-vgg"], store, Need)
    assert "reenactor weights pull lpips-vgg-backbone lpips-vgg-head" in str(caught.value)
    assert "pull fid-inception" in missing(METRICS["fid"], store, Need)
    by_hand = missing(METRICS["fvd"], store, Need)
    assert "i3d_torchscript.pt" in by_hand
    assert "reenactor weights import" in by_hand
    assert missing(METRICS["psnr"], store, Need) == ""


def test_unmet_needs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no truth"):
        require(METRICS["psnr"], WeightStore(tmp_path), ())
    with pytest.raises(UsageError, match="no identity"):
        require(METRICS["aed"], WeightStore(tmp_path), [Need.SKELETON])


def test_every_weight_can_be_told_from_the_others() -> None:
    assert len({w.sha256 for w in METRIC_WEIGHTS}) == len(METRIC_WEIGHTS)
    assert all(len(w.sha256) == 64 and w.size > 0 and w.origin for w in METRIC_WEIGHTS)
    assert not any(w.resource for w in METRIC_WEIGHTS)
    assert all(m.startswith("https://") for w in METRIC_WEIGHTS for m in w.mirrors)


def test_the_registry_imports_no_torch() -> None:
    code = "import sys, reenactor.metrics; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_metric_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for metric in METRICS.values():
        assert f"`{metric.version}`" in text, metric.version
        assert metric.better.arrow in text


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"skimage is not installed: pip install reenactor\["):
        require(METRICS["ssim"], WeightStore(tmp_path), Need)
