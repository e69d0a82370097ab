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
def without_weight_gradients(network: nn.Module) -> Iterator[None]:
    """Compute no gradients for the network's weights, only through it.

    The generator's step needs no gradients of the discriminator's weights, which saves half of its
    backward pass.
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
    """The state dict without `Frozen` parts: the contents of a file of trained weights."""
    frozen = tuple(
        f"{name}." for name, module in network.named_modules() if isinstance(module, Frozen)
    )
    state: dict[str, Tensor] = network.state_dict()
    return {key: value for key, value in state.items() if not key.startswith(frozen)}
