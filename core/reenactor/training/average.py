"""The moving average of a network's weights, which is often better than the last ones."""

import copy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

N = TypeVar("N", bound=nn.Module)


class Average(Generic[N]):
    """Follows a network: average = keep * average + (1 - keep) * weights, after each step.

    Early on it keeps less, so that what the network began with is soon forgotten. `network` is
    the average, ready for use; counters are those of the network.
    """

    def __init__(self, network: N, keep: float) -> None:
        self.keep = keep
        self.network = copy.deepcopy(network).eval().requires_grad_(False)

    @torch.no_grad()
    def follow(self, network: N, step: int) -> None:
        """Take one step after the network took its own."""
        keep = min(self.keep, (step + 1) / (step + 10))
        now: dict[str, Tensor] = network.state_dict()
        for key, value in self.network.state_dict().items():
            if value.is_floating_point():
                value.lerp_(now[key].to(value.dtype), 1 - keep)
            else:
                value.copy_(now[key])

    def state_dict(self) -> dict[str, Tensor]:
        """Of the averaged network."""
        state: dict[str, Tensor] = self.network.state_dict()
        return state

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Go on from an earlier average."""
        self.network.load_state_dict(state)
