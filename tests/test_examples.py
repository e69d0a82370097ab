"""The scripts in examples/ run as they are, without a download."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
WRITTEN = {
    "reenact": ["reenacted.mp4", "reenacted.mp4.json"],
    "swap_component": ["puppet.preview.png", "avatar.preview.png"],
    "train": ["shards/shards.json", "trained/weights.safetensors"],
}


def test_every_example_is_run() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.py")) == sorted(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_an_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REENACTOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.argv", [name])
    monkeypatch.setattr("socket.socket.connect", None)  # whoever downloads something fails
    if name == "train":
        pytest.importorskip("lightning_fabric")
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    for path in WRITTEN[name]:
        assert (tmp_path / path).stat().st_size > 0
