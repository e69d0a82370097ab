"""Reading through affine maps: exact where it can be exact."""

import torch

from reenactor_plugins.networks.sampling import box_to_square, inverted, sampled

SAME = torch.tensor([[[1.0, 0, 0], [0, 1.0, 0]]])


def test_the_identity_changes_nothing() -> None:
    x = torch.rand(1, 2, 5, 7)
    torch.testing.assert_close(sampled(x, SAME, (5, 7)), x)


def test_whole_shifts_move_pixels() -> None:
    x = torch.rand(1, 1, 5, 7)
    moved = sampled(x, SAME + torch.tensor([[0.0, 0, 2], [0, 0, 1]]), (4, 5))
    torch.testing.assert_close(moved, x[..., 1:, 2:])


def test_beyond_the_edge_it_is_repeated_or_black() -> None:
    x = torch.ones(1, 1, 2, 2)
    far = SAME + torch.tensor([[0.0, 0, 5], [0, 0, 5]])
    assert sampled(x, far, (1, 1)).item() == 1
    assert sampled(x, far, (1, 1), repeat_edges=False).item() == 0


def test_halfway_is_the_mean_and_nearest_is_a_pixel() -> None:
    x = torch.tensor([[[[0.0, 1.0]]]])
    half = SAME + torch.tensor([[0.0, 0, 0.4], [0, 0, 0]])
    torch.testing.assert_close(sampled(x, half, (1, 1)).item(), 0.4)
    assert sampled(x, half, (1, 1), nearest=True).item() == 0


def test_a_box_of_the_size_of_the_square_is_cut_out() -> None:
    x = torch.rand(1, 3, 9, 9)
    box = torch.tensor([[1.5, 3.5, 5.5, 7.5]])  # the edges of pixels 2..5 and 4..7
    torch.testing.assert_close(sampled(x, box_to_square(box, 4), (4, 4)), x[..., 4:8, 2:6])


def test_a_box_twice_the_square_is_averaged_in_pairs() -> None:
    x = torch.rand(1, 1, 8, 8)
    whole = torch.tensor([[-0.5, -0.5, 7.5, 7.5]])
    small = sampled(x, box_to_square(whole, 4), (4, 4))
    torch.testing.assert_close(small, torch.nn.functional.avg_pool2d(x, 2))


def test_maps_are_undone() -> None:
    matrix = torch.tensor([[[0.5, -2.0, 3.0], [1.0, 0.25, -7.0]]])
    point = torch.tensor([4.0, 5.0, 1.0])
    there = matrix[0] @ point
    back = inverted(matrix)[0] @ torch.cat([there, torch.ones(1)])
    torch.testing.assert_close(back, point[:2])


def test_gradients() -> None:
    x = torch.rand(1, 1, 3, 3, dtype=torch.double, requires_grad=True)
    matrix = torch.tensor([[[0.7, 0.1, 0.3], [-0.1, 0.8, 0.2]]], dtype=torch.double)
    assert torch.autograd.gradcheck(lambda p: sampled(p, matrix, (3, 3)), x)
