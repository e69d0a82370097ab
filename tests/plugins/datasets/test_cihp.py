"""In the documented layout; with the real photos where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor_plugins.datasets.cihp.dataset import Cihp
from reenactor_plugins.datasets.cihp.options import CihpOptions
from reenactor_plugins.datasets.reading import read_numbers

FIXTURE = Path(__file__).parents[4] / "shared" / "data" / "fixtures" / "cihp"

Draw = Callable[[Path, np.ndarray], None]


def options(folder: Path, smallest: int = 10) -> CihpOptions:
    return CihpOptions(folder=folder, smallest=smallest)


@pytest.fixture
def folder(tmp_path: Path, draw: Draw) -> Path:
    """Two people in a photo, one of whom is small, and a photo without labels."""
    root = tmp_path / "Training"
    labels = np.zeros((60, 80), np.uint8)
    labels[5:50, 10:20], labels[50:55, 10:20] = 7, 18
    labels[30:42, 60:64] = 13
    humans = np.zeros_like(labels)
    humans[:, :40], humans[:, 40:] = 1, 2
    for name in ("0000006", "0000009"):
        draw(root / "Images" / f"{name}.jpg", np.zeros((60, 80, 3), np.uint8))
    draw(root / "Category_ids" / "0000006.png", labels)
    draw(root / "Human_ids" / "0000006.png", humans)
    return tmp_path


def test_a_shot_for_each_human(folder: Path, runtime: Runtime) -> None:
    cihp = Cihp(options(folder), runtime)
    assert list(cihp.names()) == ["0000006", "0000009"]
    tall, small = cihp.shots(0)
    assert (tall.person, tall.source, tall.frame) == ("0000006/1", "0000006", 0)
    assert tall.box is not None
    assert tall.box.tolist() == [[10, 5, 19, 54]]
    assert tall.parsing is not None
    assert set(tall.parsing.labels.flatten().tolist()) == {0, 7, 18}
    assert small.parsing is not None
    assert int((small.parsing.labels == 13).sum()) == 12 * 4
    (alone,) = Cihp(options(folder, smallest=13), runtime).shots(0)
    assert alone.person == "0000006/1"


def test_what_is_missing_is_told(folder: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match="the label file is missing"):
        Cihp(options(folder), runtime).shots(1)
    with pytest.raises(InputError, match=r"the folder .* does not exist") as caught:
        Cihp(CihpOptions(folder=folder, split="Validation"), runtime)
    assert "sysu-hcp.net" in caught.value.advice


def test_real_photos(tmp_path: Path, draw: Draw, runtime: Runtime) -> None:
    """Real labels; who is who is made up of their connected parts."""
    if not FIXTURE.is_dir():
        pytest.skip("the photos are not at ../shared/data/fixtures/cihp")
    root = tmp_path / "Training"
    (root / "Images").parent.mkdir(parents=True)
    (root / "Images").symlink_to(FIXTURE / "images")
    (root / "Category_ids").symlink_to(FIXTURE / "labels")
    for path in (FIXTURE / "labels").glob("*.png"):
        numbers = read_numbers(path)
        parts = cv2.connectedComponents((numbers > 0).astype(np.uint8))[1].astype(np.uint8)
        draw(root / "Human_ids" / path.name, parts)
    cihp = Cihp(options(tmp_path, smallest=60), runtime)
    assert len(cihp.names()) == 5
    for index, name in enumerate(cihp.names()):
        whole = torch.from_numpy(read_numbers(FIXTURE / "labels" / f"{name}.png"))
        for shot in cihp.shots(index):
            assert shot.parsing is not None
            own = shot.parsing.labels[0]
            assert torch.equal(own[own > 0], whole[own > 0])


def test_the_labels_mirror_as_the_dataset_mirrors_them() -> None:
    """The fixture has each label map flipped by the dataset's own authors' tools."""
    if not FIXTURE.is_dir():
        pytest.skip("the photos are not at ../shared/data/fixtures/cihp")
    from reenactor.values import Parsing

    for path in (FIXTURE / "labels").glob("*.png"):
        labels = torch.from_numpy(read_numbers(path))[None]
        theirs = torch.from_numpy(read_numbers(FIXTURE / "labels_rev" / path.name))[None]
        assert torch.equal(Parsing(labels).mirrored().labels, theirs)
