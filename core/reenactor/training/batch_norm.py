"""Batch norm over all processes, so that several train as one would."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


class _Sum(torch.autograd.Function):
    """The sum over all processes; what each adds counts for all."""

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


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Mean and variance of all processes' pictures (torch's own runs on GPUs only).

    Its tensors have the names of a `BatchNorm2d`.
    """

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - torch's name
        """Like batch norm, over all processes while training."""
        if not self.training:
            return super().forward(input)
        x = input.float()
        count = x.new_tensor([x.numel() / x.shape[1]])
        mine = torch.cat([x.sum((0, 2, 3)), (x * x).sum((0, 2, 3)), count])
        total: Tensor = _Sum.apply(mine)
        sums, squares, count = torch.split(total, [x.shape[1], x.shape[1], 1])
        mean = sums / count
        variance = (squares / count - mean * mean).clamp(min=0)
        self._remember(mean.detach(), variance.detach(), count.detach())
        scale = (variance + self.eps).rsqrt()
        shift = -mean * scale
        if self.affine:
            scale, shift = scale * self.weight, shift * self.weight + self.bias
        out: Tensor = (x * scale[:, None, None] + shift[:, None, None]).to(input.dtype)
        return out

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: Tensor) -> None:
        if self.running_mean is None or self.running_var is None:
            return
        momentum = 0.1 if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, momentum)
        self.running_var.lerp_(variance * count / (count - 1), momentum)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked += 1


def shared(network: nn.Module) -> nn.Module:
    """The network with every batch norm replaced by one over all processes, weights kept."""
    for module in network.modules():
        for name, child in module.named_children():
            if type(child) is nn.BatchNorm2d:
                norm = SharedBatchNorm2d(
                    child.num_features,
                    child.eps,
                    child.momentum,
                    child.affine,
                    child.track_running_stats,
                )
                norm.load_state_dict(child.state_dict())
                setattr(module, name, norm.train(child.training))
    return network
