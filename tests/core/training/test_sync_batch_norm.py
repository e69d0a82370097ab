"""Batch norm over processes against torch's own, on one and on two processes."""

import copy
import os
import socket
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import multiprocessing, nn

from reenactor.training.sync_batch_norm import synchronized

CPU = torch.device("cpu")


def made(dtype: torch.dtype = torch.float32) -> tuple[nn.Sequential, torch.Tensor]:
    """A batch norm inside a network, and pictures."""
    generator = torch.Generator().manual_seed(3)
    norm = nn.BatchNorm2d(3)
    with torch.no_grad():
        norm.weight.copy_(torch.rand(3, generator=generator) + 0.5)
        norm.bias.copy_(torch.rand(3, generator=generator))
    x = torch.randn(4, 3, 5, 6, generator=generator) * 2 + 1
    return nn.Sequential(norm), x.to(dtype, memory_format=torch.channels_last)


def _work(rank: int, port: int, folder: str) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    dist.init_process_group("gloo", rank=rank, world_size=2)
    torch.set_num_threads(1)
    for dtype in (torch.float32, torch.bfloat16):
        network, x = made(dtype)
        network = synchronized(network, CPU)  # type: ignore[assignment]  # it gives what it is given
        average = copy.deepcopy(network).eval()
        mine = x[rank * 2 : rank * 2 + 2].clone().requires_grad_()
        out = network(mine)
        # What one process would descend is the sum over all pictures.
        (out.float() ** 3).sum().backward()
        weight = network.get_parameter("0.weight").grad
        assert weight is not None
        assert mine.grad is not None
        dist.all_reduce(weight)
        found = {"out": out.detach(), "grad": mine.grad, "weight": weight, "evaluated": average(x)}
        found["state"] = network.state_dict()
        torch.save(found, Path(folder) / f"{dtype}-{rank}.pt")
    dist.destroy_process_group()


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_two_processes_normalise_as_one_does_with_all_pictures(tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    multiprocessing.start_processes(  # type: ignore[no-untyped-call, attr-defined]
        _work, (port, str(tmp_path)), nprocs=2, start_method="fork"
    )
    for dtype, near in ((torch.float32, 1e-5), (torch.bfloat16, 1e-2)):
        network, x = made(dtype)
        evaluated = copy.deepcopy(network).eval()(x)
        x.requires_grad_()
        out = network(x)
        (out.float() ** 3).sum().backward()
        parts = [torch.load(tmp_path / f"{dtype}-{rank}.pt") for rank in range(2)]
        torch.testing.assert_close(torch.cat([p["out"] for p in parts]), out.detach())
        grad = torch.cat([p["grad"] for p in parts])
        torch.testing.assert_close(grad, x.grad, rtol=near, atol=near)
        torch.testing.assert_close(parts[0]["weight"], network[0].weight.grad)
        for part in parts:
            assert part["state"].keys() == network.state_dict().keys()
            for name, value in network.state_dict().items():
                torch.testing.assert_close(part["state"][name], value)
            torch.testing.assert_close(part["evaluated"], evaluated)  # evaluation asks nobody


def test_gpus_have_torchs_own() -> None:
    network, _ = made()
    before = copy.deepcopy(network.state_dict())
    after = synchronized(network, torch.device("cuda"))
    assert [type(child) for child in after.children()] == [nn.SyncBatchNorm]
    assert after.state_dict().keys() == before.keys()
    for name, value in after.state_dict().items():
        assert torch.equal(value, before[name])
