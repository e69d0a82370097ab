"""A training that was interrupted ends as one that was not, in one process and in two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

SCRIPT = Path(__file__).parent / "parts" / "resumed.py"


def trained(folder: Path, processes: int) -> list[dict[str, Tensor]]:
    """Of each process: the weights of the whole training and those of the resumed one."""
    folder.mkdir()
    launcher = [sys.executable]
    if processes > 1:
        launcher += ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    subprocess.run(
        [*launcher, str(SCRIPT), str(folder), str(processes)],
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    return [
        torch.load(folder / f"{name}-{rank}.pt")
        for rank in range(processes)
        for name in ("whole", "resumed")
    ]


def test_resumed_trainings_end_with_the_same_weights(tmp_path: Path) -> None:
    alone, alone_resumed = trained(tmp_path / "one", 1)
    both = trained(tmp_path / "two", 2)
    for name, value in alone.items():
        assert torch.equal(alone_resumed[name], value), name
        for other in both[1:]:
            assert torch.equal(other[name], both[0][name]), name
        # Two processes add the same numbers in another order.
        torch.testing.assert_close(both[0][name], value, rtol=1e-4, atol=1e-4)
    assert int(alone["ema.n_averaged"]) == 6
