"""Examples as a motion: what follows from what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reenactor.training.given import motion_of
from reenactor.training.shards import Shards

MakeShards = Callable[..., Path]


def test_neighbours_in_time_are_one_shot_and_stills_are_shots_of_their_own(
    drawn_shards: MakeShards,
) -> None:
    shards = Shards([drawn_shards(people=1, poses=4)])
    for frames, cuts in (
        ((0, 1, 2, 3), ()),
        ((0, 200, 450, 451), ()),
        ((0, 1, 252, 1000), (2, 3)),
        ((0, 1000, 2000, 3000), (1, 2, 3)),
    ):
        examples = [
            replace(example, entry=replace(example.entry, frame=frame))
            for example, frame in zip(shards, frames, strict=True)
        ]
        assert motion_of(examples).clip.cuts == cuts
