"""Training material for the tests of recipes and of what they stand on."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from reenactor.metrics.lpips import Lpips, Net
from reenactor.testing.cartoon import dancing
from reenactor.training import Example, ExampleInfo
from reenactor.training.analysis import face_box
from reenactor.training.shards import VERSION, write_shard

MakeShards = Callable[..., Path]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores Ctrl-C, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # `nohup` does the same to SIGHUP.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def drawn_shards(tmp_path: Path) -> MakeShards:
    """Makes a folder of shards: a drawn person in `poses` poses, `people` times."""

    def make(
        name: str = "drawn",
        people: int = 2,
        poses: int = 4,
        canvas: tuple[int, int] = (64, 40),
        faces: bool = False,
    ) -> Path:
        drawn = dancing(poses, canvas)
        examples = [
            Example(
                entry=ExampleInfo(
                    f"{name}/body-{who}/pose-{t}", f"{name}-{who}", f"{name}-{who}", t, f"pose-{t}"
                ),
                image=drawn.frames.pixels[t : t + 1],
                parsing=type(drawn.parsing)(drawn.parsing.labels[t : t + 1]),
                skeleton=drawn.skeleton[t : t + 1],
                dense=type(drawn.dense)(drawn.dense.part[t : t + 1], drawn.dense.uv[t : t + 1]),
                background=None,
                face_box=face_box(drawn.skeleton[t : t + 1]) if faces else None,
            )
            for who in range(people)
            for t in range(poses)
        ]
        folder = tmp_path / name
        folder.mkdir()
        count = write_shard(folder / "000000.zip", examples)
        state = {
            "version": VERSION,
            "canvas": list(canvas),
            "items": count,
            "shards": [{"file": "000000.zip", "items": count}],
        }
        (folder / "shards.json").write_text(json.dumps(state))
        return folder

    return make


@pytest.fixture
def backbone(tmp_path: Path) -> Callable[[Net], Path]:
    """Makes a file of a network of LPIPS as torchvision would save it, with random weights."""

    def make(net: Net) -> Path:
        generator = torch.Generator().manual_seed(5)
        tensors = {"classifier.6.weight": torch.zeros(2, 2)}
        for key, value in Lpips(net).features.state_dict(prefix="features.").items():
            fan = value[0].numel() if value.ndim > 1 else 100
            tensors[key] = torch.randn(value.shape, generator=generator) * (2 / fan) ** 0.5
        path = tmp_path / f"{net}.pth"
        torch.save(tensors, path)
        return path

    return make


@pytest.fixture
def squeezenet(backbone: Callable[[Net], Path]) -> Path:
    """One of them."""
    return backbone("squeeze")
