"""Trains in one of several processes: whole, and interrupted and resumed. See `test_resumed.py`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from reenactor.progress import Silent
from reenactor.training.run import Run
from reenactor.training.settings import TrainingSettings
from reenactor.training.shards import Shards


class Noise:
    """Pictures of noise."""

    def __len__(self) -> int:
        return 8

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One of them."""
        return {"x": torch.from_numpy(random.normal(index, 1, (3, 6, 5)).astype(np.float32))}


def trained(fabric: Fabric, path: Path, until: int | None = None) -> dict[str, Tensor]:
    """The weights and their average, after all steps or after `until`."""
    run = Run(
        fabric=fabric,
        settings=TrainingSettings(
            batch_size=4, steps=6, learning_rate=0.05, ema_decay=0.9, checkpoint_every=1
        ),
        examples=Shards([]),
        validation=Shards([]),
        path=path,
        config={},
        header={},
        progress=Silent(),
    )
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 1, 2)
    )
    network = run.network(network)
    ema, optimizer = run.ema(network), run.adam(network)
    for step, batch in run.batches(Noise(), network=network, ema=ema, optimizer=optimizer):
        if step == until:
            break
        run.optimizer_step(optimizer, (network(batch["x"]) - 1).square().mean(), step)
        ema.update_parameters(network)
    averaged = {f"ema.{key}": value for key, value in ema.state_dict().items()}
    return {**network.state_dict(), **averaged}


if __name__ == "__main__":
    folder, processes = Path(sys.argv[1]), int(sys.argv[2])
    strategy = "ddp" if processes > 1 else "auto"
    fabric = Fabric(accelerator="cpu", devices=processes, strategy=strategy)
    fabric.launch()
    torch.save(trained(fabric, folder / "whole"), folder / f"whole-{fabric.global_rank}.pt")
    trained(fabric, folder / "cut", until=3)
    fabric.barrier()
    torch.save(trained(fabric, folder / "cut"), folder / f"resumed-{fabric.global_rank}.pt")
