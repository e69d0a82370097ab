"""Frozen pretrained networks inside trained ones."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


class Frozen(nn.Module):
    """A frozen network: no gradients for its weights, and always in evaluation mode. Gradients flow
    through it to its input.

    `trained_tensors` leaves its tensors out.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network.requires_grad_(False).eval()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.network(x)
        return out

    def train(self, mode: bool = True) -> "Frozen":
        """Stay in evaluation mode."""
        del mode
        return super().train(False)


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Within the block gradients flow through the network, but not to its weights.

    A generator's step needs nothing else of the discriminators, and half of their work is saved.
    """
    wanting = [p for p in network.parameters() if p.requires_grad]
    for parameter in wanting:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in wanting:
            parameter.requires_grad_(True)


def trained_tensors(network: nn.Module) -> dict[str, Tensor]:
    """What a file of trained weights holds: the state but for what is `Frozen`."""
    untrained = tuple(
        f"{name}." for name, module in network.named_modules() if isinstance(module, Frozen)
    )
    state: dict[str, Tensor] = network.state_dict()
    return {key: value for key, value in state.items() if not key.startswith(untrained)}
