"""The terms of the de-identification network."""

import torch

from reenactor_plugins.face_refiner.fr.loss import (
    FRLoss,
    blended,
    edge_reconstruction,
    mask_edges,
    mask_size,
    reconstruction,
)
from reenactor_plugins.face_refiner.fr.settings import FRSettings


def test_blending_by_hand() -> None:
    c, c_0 = torch.full((1, 3, 2, 2), 0.8), torch.full((1, 3, 2, 2), 0.4)
    mask = torch.tensor([[[[0.0, 1.0], [0.5, 0.25]]]])
    expected = torch.tensor([[0.4, 0.8], [0.6, 0.5]])
    torch.testing.assert_close(blended(c, mask, c_0)[0, 0], expected)


def test_reconstruction_of_colours_and_edges() -> None:
    across = torch.arange(4.0).expand(1, 3, 4, 4)
    flat = torch.zeros(1, 3, 4, 4)
    assert reconstruction(flat, across).item() == 1.5
    # Each step to the right differs by 1, none downwards.
    assert edge_reconstruction(flat, across).item() == 1
    assert edge_reconstruction(flat, flat + 5).item() == 0
    assert edge_reconstruction(flat, across + across.transpose(2, 3)).item() == 2


def test_masks_are_kept_small_and_smooth() -> None:
    half = torch.zeros(1, 1, 4, 4)
    half[..., 2:] = 1
    assert mask_size(half).item() == 0.5
    # One of the three steps across each row.
    torch.testing.assert_close(mask_edges(half).item(), 1 / 3)


def test_the_sum_is_weighted() -> None:
    names = ("adversarial", "raw", "blended", "edges", "perceptual", "mask", "mask_edges")
    weights = FRSettings(**{f"lambda_{name}": i + 1.0 for i, name in enumerate(names)})
    assert [FRLoss(*row).total(weights).item() for row in torch.eye(7)] == [1, 2, 3, 4, 5, 6, 7]
    assert FRLoss(*torch.ones(7)).total(weights).item() == 28


def test_gradients() -> None:
    torch.manual_seed(0)
    x = torch.rand(1, 3, 3, 3, dtype=torch.double)
    c = torch.rand(1, 3, 3, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda c: edge_reconstruction(x, c), c)
    m = torch.rand(1, 1, 3, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda m: mask_edges(m) + mask_size(m), m)
