"""Pictures that metrics are tried on: the drawn dancer, with some texture."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from reenactor.testing.cartoon import Drawn, dancing


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return dancing(4, (192, 128))


@pytest.fixture(scope="session")
def frames(drawn: Drawn) -> Tensor:
    """Four frames `(4, 3, 192, 128)` in [0, 1] with the grain of a camera."""
    grain = torch.rand(drawn.frames.images.shape, generator=torch.Generator().manual_seed(1))
    return (drawn.frames.images * 0.9 + 0.1 * grain).clamp(0, 1)
