"""Training examples of somebody who stands on a canvas."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.training import Example, ExampleInfo
from reenactor.training.shards import VERSION, Shards, write_shard
from reenactor.values import Parsing, Skeleton
from reenactor_plugins.parser.taps.locate import PAIRS

MakeStanding = Callable[..., Shards]


@pytest.fixture
def standing_shards(tmp_path: Path, standing: np.ndarray) -> MakeStanding:
    """Shards with one example: white where the label is coat, black where it is background. Its
    labels and picture can be changed; `seen` are the joints that the skeleton has."""

    def make(
        change: Callable[[np.ndarray, np.ndarray], None] = lambda labels, picture: None,
        seen: Callable[[Joint], bool] = lambda joint: True,
    ) -> Shards:
        labels = np.zeros((256, 256), np.uint8)
        labels[70:130, 105:150] = 7
        picture = np.repeat((labels > 0)[..., None] * np.uint8(255), 3, 2)
        change(labels, picture)
        body = torch.zeros(1, 25, 3)
        for joint, landmark in PAIRS:
            if seen(joint):
                body[0, joint] = torch.tensor([*standing[landmark], 1.0])
        example = Example(
            entry=ExampleInfo("drawn/0", "somebody", "drawn/0", 0, ""),
            image=torch.from_numpy(picture)[None],
            parsing=Parsing(torch.from_numpy(labels)[None]),
            skeleton=Skeleton(body, torch.zeros(1, 2, 21, 3), torch.zeros(1, 70, 3)),
            dense=None,
            background=None,
            face_box=None,
        )
        folder = tmp_path / "standing"
        folder.mkdir(exist_ok=True)
        write_shard(folder / "000000.zip", [example])
        state = {
            "version": VERSION,
            "canvas": [256, 256],
            "items": 1,
            "shards": [{"file": "000000.zip", "items": 1}],
        }
        (folder / "shards.json").write_text(json.dumps(state))
        return Shards([folder])

    return make
