"""What the network that retouches learns from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.labels import PART_GROUPS
from reenactor.training.shards import Shards
from reenactor_plugins.frame_renderer.retouch import samples as module
from reenactor_plugins.frame_renderer.retouch.network import completed
from reenactor_plugins.frame_renderer.retouch.samples import Redrawn
from reenactor_plugins.frame_renderer.retouch.settings import RetouchSettings
from reenactor_plugins.puppet.options import PuppetOptions

MakeShards = Callable[..., Path]
STILL = {"turn": 0.0, "scale": 1.0, "shift": 0.0, "colour": 0.0, "light": 0.0, "slide": 0.0}
SWAPPED = {14: 15, 15: 14, 16: 17, 17: 16, 18: 19, 19: 18, 20: 21, 21: 20}


def redrawn(data: Path, *, vary: bool = False, **settings: Any) -> Redrawn:
    figures = {**STILL, "height": 128, "width": 80, **settings}
    return Redrawn(Shards([data]), RetouchSettings(**figures), PuppetOptions(), vary=vary)


def drawn(samples: Redrawn, seed: int) -> dict[str, Tensor]:
    return dict(samples.sample(0, np.random.default_rng(seed)))


@pytest.mark.parametrize("poses", [1, 2])
def test_the_truth_is_the_picture_and_the_puppet_is_like_it(
    poses: int, drawn_shards: MakeShards
) -> None:
    data = drawn_shards(people=2, poses=poses, canvas=(256, 160))
    sample = drawn(redrawn(data), 0)
    own = Shards([data])[0]
    truth = cv2.resize(own.image[0].numpy(), (80, 128), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(sample["truth"].permute(1, 2, 0) * 255, truth)
    person = sample["labels"] > 0
    picture = completed(sample["rgba"][None], sample["flat"][None])[0]
    difference = (picture - sample["truth"]).abs().mean(0)[person]
    assert 0.001 < float(difference.mean()) < 0.12  # somebody like that, redrawn


def test_each_is_drawn_once(drawn_shards: MakeShards, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = redrawn(drawn_shards(people=1, poses=2), vary=True)
    first = drawn(samples, 0)
    monkeypatch.setattr(module, "drawn", None)
    again = drawn(samples, 0)
    assert all(torch.equal(first[key], again[key]) for key in first)


def test_a_mirror_changes_left_and_right_of_all(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2)
    plain, samples = drawn(redrawn(data), 0), redrawn(data, vary=True)
    seen = set()
    for seed in range(8):
        sample = drawn(samples, seed)
        mirrored = not torch.equal(sample["labels"], plain["labels"])
        seen.add(mirrored)
        for key in ("truth", "flat", "rgba"):
            expected = plain[key].flip(-1) if mirrored else plain[key]
            torch.testing.assert_close(sample[key], expected, atol=2e-3, rtol=0)
        if mirrored:
            labels = plain["labels"].flip(-1).apply_(lambda c: SWAPPED.get(c, c))
            assert torch.equal(sample["labels"], labels)
    assert seen == {False, True}


def test_cloth_slides_and_heads_do_not(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2, canvas=(256, 160))
    samples = redrawn(data, vary=True, slide=3.0)
    plain = drawn(redrawn(data), 0)
    for seed in range(8):
        sample = drawn(samples, seed)
        if not torch.equal(sample["labels"], plain["labels"]):
            continue
        torch.testing.assert_close(sample["truth"], plain["truth"], atol=2e-3, rtol=0)
        change = (sample["rgba"] - plain["rgba"]).abs().amax(0)
        head = np.isin(plain["labels"].numpy(), PART_GROUPS["face"]).astype(np.uint8)
        inner = torch.from_numpy(cv2.erode(head, np.ones((7, 7), np.uint8)) > 0)
        assert bool(inner.any())
        assert float(change[inner].max()) < 0.01
        assert float(change.max()) > 0.1
        return
    raise AssertionError("eight times mirrored")


def test_another_light_is_the_puppets_alone(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=2)
    plain, sample = drawn(redrawn(data), 0), drawn(redrawn(data, vary=True, light=0.5), 1)
    sums = {key: float(plain[key].sum()) for key in ("truth", "flat", "rgba")}
    assert float(sample["truth"].sum()) == pytest.approx(sums["truth"], rel=1e-3)
    assert float(sample["flat"].sum()) == pytest.approx(sums["flat"], rel=1e-3)
    lit = (sample["rgba"][:3].sort(-1)[0] - plain["rgba"][:3].sort(-1)[0]).abs()
    assert float(lit.mean()) > 0.005  # sorted, as one of them may be mirrored
    torch.testing.assert_close(sample["rgba"][3].sum(), plain["rgba"][3].sum())
