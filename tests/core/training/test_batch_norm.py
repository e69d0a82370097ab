"""Batch norm over processes against torch's own, on one and on two processes."""

import os
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import multiprocessing, nn

from reenactor.training.batch_norm import SharedBatchNorm2d, shared


def made() -> tuple[nn.BatchNorm2d, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    norm = nn.BatchNorm2d(3)
    with torch.no_grad():
        norm.weight.copy_(torch.rand(3, generator=generator) + 0.5)
        norm.bias.copy_(torch.rand(3, generator=generator))
    return norm, torch.randn(4, 3, 5, 6, generator=generator) * 2 + 1


def _work(rank: int, port: int, folder: str) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    dist.init_process_group("gloo", rank=rank, world_size=2)
    torch.set_num_threads(1)
    norm, x = made()
    layer = next(shared(nn.Sequential(norm)).children())
    assert isinstance(layer, SharedBatchNorm2d)
    mine = x[rank * 2 : rank * 2 + 2].clone().requires_grad_()
    out = layer(mine)
    # What one process would descend is the sum over all pictures.
    (out**3).sum().backward()
    weight = layer.weight.grad
    assert weight is not None
    assert mine.grad is not None
    dist.all_reduce(weight)
    torch.save(
        {"out": out.detach(), "grad": mine.grad, "weight": weight, "mean": layer.running_mean,
         "var": layer.running_var}, Path(folder) / f"{rank}.pt"
    )  # fmt: skip
    dist.destroy_process_group()


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_two_processes_normalise_as_one_does_with_all_pictures(tmp_path: Path) -> None:
    multiprocessing.start_processes(  # type: ignore[no-untyped-call, attr-defined]
        _work, (_free_port(), str(tmp_path)), nprocs=2, start_method="fork"
    )
    norm, x = made()
    x.requires_grad_()
    out = norm(x)
    (out**3).sum().backward()
    parts = [torch.load(tmp_path / f"{rank}.pt") for rank in range(2)]
    torch.testing.assert_close(torch.cat([p["out"] for p in parts]), out.detach())
    torch.testing.assert_close(torch.cat([p["grad"] for p in parts]), x.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(parts[0]["weight"], norm.weight.grad, rtol=1e-4, atol=1e-3)
    for part in parts:
        torch.testing.assert_close(part["mean"], norm.running_mean)
        torch.testing.assert_close(part["var"], norm.running_var)


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
