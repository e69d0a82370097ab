"""One channel for each class, in any precision, and in the layout that convolutions want."""

import pytest
import torch

from reenactor_plugins.frame_renderer.b2f.label_map import one_hot


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_one_hot(dtype: torch.dtype) -> None:
    labels = torch.arange(27, dtype=torch.uint8).repeat(2).view(2, 3, 9)
    found = one_hot(labels, dtype)
    assert found.dtype == dtype
    assert found.shape == (2, 27, 3, 9)
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(found.argmax(1), labels.long())
    assert float(found.sum()) == 2 * 27
