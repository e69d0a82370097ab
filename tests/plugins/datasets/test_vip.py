from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor_plugins.datasets.vip.dataset import Vip
from reenactor_plugins.datasets.vip.identity import tracks_of
from reenactor_plugins.datasets.vip.options import VipOptions

Draw = Callable[[Path, np.ndarray], None]


def box(x: float, y: float = 0.0) -> tuple[float, float, float, float]:
    """Somebody 20 wide and 60 tall."""
    return float(x), float(y), x + 19.0, y + 59.0


def test_ids_that_are_exchanged() -> None:
    """As in video 17 of the dataset: who leaves had id 1, and who stays takes it."""
    frames = [{1: box(0), 2: box(100)}, {2: box(4), 1: box(96)}, {1: box(90)}]
    assert tracks_of(frames) == [{1: 0, 2: 1}, {2: 0, 1: 1}, {1: 1}]


def test_somebody_who_went_a_little_without_overlap() -> None:
    assert tracks_of([{1: box(0)}, {5: box(25)}]) == [{1: 0}, {5: 0}]
    assert tracks_of([{1: box(0)}, {5: box(60)}]) == [{1: 0}, {5: 1}]
    larger = {5: (25.0, 0.0, 70.0, 110.0)}
    assert tracks_of([{1: box(0)}, larger]) == [{1: 0}, {5: 1}]


def test_the_best_overlap_wins() -> None:
    frames = [{1: box(0), 2: box(12)}, {1: box(11), 2: box(1)}]
    assert tracks_of(frames) == [{1: 0, 2: 1}, {1: 1, 2: 0}]


def test_who_comes_back_soon_is_the_same() -> None:
    gone: dict[int, tuple[float, float, float, float]] = {}
    assert tracks_of([{1: box(0)}, gone, gone, {1: box(0)}])[-1] == {1: 0}
    assert tracks_of([{1: box(0)}, gone, gone, gone, {1: box(0)}])[-1] == {1: 1}


@pytest.fixture
def folder(tmp_path: Path, draw: Draw) -> Path:
    """Two videos; in the first two people stand still and exchange their ids."""
    for video, number in ((1, 1), (1, 26), (2, 1)):
        name = f"videos{video}/{number:012d}"
        labels = np.zeros((60, 80), np.uint8)
        labels[5:50, 10:20], labels[10:52, 60:70] = 5, 9
        humans = np.zeros_like(labels)
        first = 1 if number == 1 else 2
        humans[:, :40], humans[:, 40:] = first, 3 - first
        draw(tmp_path / "Images" / f"{name}.jpg", np.zeros((60, 80, 3), np.uint8))
        draw(tmp_path / "Annotations" / "Category_ids" / f"{name}.png", labels)
        draw(tmp_path / "Annotations" / "Human_ids" / f"{name}.png", humans)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "train_id.txt").write_text("videos1/000000000001\nvideos1/000000000026\n")
    (tmp_path / "lists" / "val_id.txt").write_text("videos2/000000000001\n")
    return tmp_path


def vip(folder: Path, runtime: Runtime, split: Literal["all", "train", "val"] = "all") -> Vip:
    return Vip(VipOptions(folder=folder, split=split, smallest=10), runtime)


def test_people_are_found_again(folder: Path, runtime: Runtime) -> None:
    dataset = vip(folder, runtime)
    assert list(dataset.names()) == [
        "videos1/000000000001", "videos1/000000000026", "videos2/000000000001",
    ]  # fmt: skip
    for index in (1, 0, 2, 1):  # in any order
        shots = dataset.shots(index)
        video = "videos2" if index == 2 else "videos1"
        by_place = {float(shot.box[0, 0]): shot for shot in shots if shot.box is not None}
        assert by_place[10.0].person == f"{video}/0"
        assert by_place[60.0].person == f"{video}/1"
        assert {shot.source for shot in shots} == {video}
        assert {shot.frame for shot in shots} == {26 if index == 1 else 1}


def test_splits(folder: Path, runtime: Runtime) -> None:
    assert len(vip(folder, runtime, "train").names()) == 2
    assert list(vip(folder, runtime, "val").names()) == ["videos2/000000000001"]
    (folder / "lists" / "val_id.txt").unlink()
    with pytest.raises(InputError, match="list of the split is missing"):
        vip(folder, runtime, "val")


def test_a_folder_that_is_none(tmp_path: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist"):
        vip(tmp_path, runtime)
