"""What B2F learns from: parts from elsewhere, everything else of one picture."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from reenactor.training.shards import Shards
from reenactor_plugins.frame_renderer.b2f.label_map import one_hot
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.samples import Portraits
from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings

MakeShards = Callable[..., Path]


def portraits(data: Path, *, vary: bool, **settings: object) -> Portraits:
    chosen = B2FSettings(height=64, width=40, **settings)
    return Portraits(Shards([data]), chosen, B2FOptions(size="tiny"), 32, vary=vary)


def drawn(samples: Portraits, index: int, seed: int) -> dict[str, torch.Tensor]:
    return dict(samples.sample(index, np.random.default_rng(seed)))


def test_validation_examples_are_shown_as_they_are(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1)
    sample = drawn(portraits(data, vary=False, colour=1.0, recolour=1.0), 0, 0)
    own = Shards([data])[0]
    assert torch.equal(sample["image"], own.image[0].permute(2, 0, 1))
    assert torch.equal(sample["source"], sample["image"])
    assert torch.equal(sample["person"], own.parsing.mask[0])
    assert sample["crops"].shape == (5, 3, 32, 32)
    person = sample["person"][0] > 0
    assert bool((sample["labels"][person] > 0).all())
    assert one_hot(sample["labels"][None]).shape == (1, 27, 64, 40)
    assert not sample["face"].any()  # these examples have none


def test_parts_come_from_another_picture_of_the_person(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=2, poses=3)
    samples = portraits(data, vary=False, other_frame=1.0)
    assert samples._others[0] == [1, 2]
    assert samples._others[3] == [4, 5]
    shards = Shards([data])
    for seed in range(3):
        sample = drawn(samples, 0, seed)
        assert torch.equal(sample["image"], shards[0].image[0].permute(2, 0, 1))
        pictures = [shards[other].image[0].permute(2, 0, 1) for other in (1, 2)]
        assert any(torch.equal(sample["source"], picture) for picture in pictures)
    alone = portraits(data, vary=False, other_frame=0.0)
    assert torch.equal(drawn(alone, 0, 0)["source"], drawn(alone, 0, 0)["image"])


def test_the_picture_of_the_parts_is_turned_by_itself(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1)
    still = {"turn": 0.0, "scale": 1.0, "shift": 0.0}
    samples = portraits(data, vary=True, part_flip=0.0, part_turn=30.0, **still)
    own = Shards([data])[0].image[0].permute(2, 0, 1)
    sample = drawn(samples, 0, 0)
    assert torch.equal(sample["image"], own) or torch.equal(sample["image"], own.flip(-1))
    assert not torch.equal(sample["source"], sample["image"])


def test_colours_change_alike(drawn_shards: MakeShards) -> None:
    data = drawn_shards(people=1, poses=1)
    still = {"turn": 0.0, "scale": 1.0, "shift": 0.0, "part_turn": 0.0, "part_scale": 1.0}
    samples = portraits(
        data, vary=True, part_shift=0.0, part_flip=0.0, colour=0.3, recolour=1.0, **still
    )
    plain = portraits(data, vary=True, part_shift=0.0, part_flip=0.0, **still)
    sample = drawn(samples, 0, 3)
    assert torch.equal(sample["source"], sample["image"])
    assert not torch.equal(sample["image"], drawn(plain, 0, 3)["image"])
    assert torch.equal(sample["labels"], drawn(plain, 0, 3)["labels"])
