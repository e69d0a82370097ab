"""Batch norm over the batches of all processes, so that several train as one would.

On GPUs it is torch's `SyncBatchNorm`, which refuses tensors on CPUs; there every process
normalises the whole batch. torch's public collectives have no gradients but for those of
`torch.distributed.nn`, which are deprecated, so the sum over processes is ours.
"""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def synchronized(network: nn.Module, device: torch.device) -> nn.Module:
    """The network with its batch norms taken over all processes. Names and weights stay."""
    if device.type != "cpu":
        made: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]  # torch's
        return made
    for module in network.modules():
        if isinstance(module, _NORMS):
            module.register_forward_pre_hook(_whole_batch)
            module.register_forward_hook(_own_part)
    return network


def _whole_batch(norm: nn.Module, args: tuple[Tensor]) -> tuple[Tensor] | None:
    if not norm.training:
        return None
    parts = args[0].new_zeros(dist.get_world_size(), *args[0].shape)
    parts[dist.get_rank()] = args[0]
    return (_Sum.apply(parts).flatten(0, 1),)


def _own_part(norm: nn.Module, args: tuple[Tensor], whole: Tensor) -> Tensor | None:
    del args
    return whole.chunk(dist.get_world_size())[dist.get_rank()] if norm.training else None


class _Sum(torch.autograd.Function):
    """The sum over all processes, and in the backward pass that of their gradients."""

    @staticmethod
    def forward(context: Any, value: Tensor) -> Tensor:
        """The sum."""
        del context
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        """Every process used the sum."""
        del context
        total = gradients[0].contiguous().clone()
        dist.all_reduce(total)
        return total
