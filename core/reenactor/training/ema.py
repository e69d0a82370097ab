"""The exponential moving average of a network's weights, often better than the last ones."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

N = TypeVar("N", bound=nn.Module)


class EMA(AveragedModel, Generic[N]):
    """`update_parameters(network)` follows each step; `module` is the average, ready for use.

    average = decay * average + (1 - decay) * weights, for parameters and buffers; counters are
    copied. The first update copies everything, and the decay begins low (2 / 11, 3 / 12, ...), so
    that the initial weights are soon forgotten.
    """

    module: N

    def __init__(self, network: N, decay: float) -> None:
        def average(averages: Sequence[Tensor], weights: Sequence[Tensor], updates: Any) -> None:
            count = float(updates)
            share = 1 - min(decay, (count + 1) / (count + 10))
            for averaged, now in zip(averages, weights, strict=True):
                if averaged.is_floating_point():
                    averaged.lerp_(now, share)
                else:
                    averaged.copy_(now)

        super().__init__(network, multi_avg_fn=average, use_buffers=True)
        self.eval().requires_grad_(False)
