from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reenactor.errors import InputError
from reenactor_plugins.datasets.gaps import GAP, filled
from reenactor_plugins.datasets.people import box_of, people_in
from reenactor_plugins.datasets.reading import PHOTOS, files_in, names_of, read_map

Draw = Callable[[Path, np.ndarray], None]


def test_files_by_their_paths(tmp_path: Path, draw: Draw) -> None:
    for name in ("b/2.jpg", "a 1.PNG", "b/.hidden.jpg", "b/notes.txt"):
        draw(tmp_path / (name.replace(".txt", ".gif")), np.zeros((4, 4, 3), np.uint8))
    found = files_in(tmp_path, PHOTOS)
    assert [path.name for path in found] == ["a 1.PNG", "2.jpg"]
    assert names_of(found, tmp_path) == ["a_1", "b/2"]


def test_two_files_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="have the item name a"):
        names_of([tmp_path / "a.jpg", tmp_path / "a.png"], tmp_path)


def test_maps_are_read_as_numbers(tmp_path: Path, draw: Draw) -> None:
    numbers = np.arange(12, dtype=np.uint8).reshape(3, 4)
    draw(tmp_path / "grey.png", numbers)
    assert np.array_equal(read_map(tmp_path / "grey.png", (3, 4)), numbers)
    palette = Image.fromarray(numbers)
    palette.putpalette([5] * 768)
    palette.save(tmp_path / "palette.png")
    assert np.array_equal(read_map(tmp_path / "palette.png", (3, 4)), numbers)
    draw(tmp_path / "rgb.png", np.stack([numbers, numbers * 0, numbers * 0], -1))
    assert np.array_equal(read_map(tmp_path / "rgb.png", (3, 4)), numbers)


def test_maps_that_cannot_be_used(tmp_path: Path, draw: Draw) -> None:
    with pytest.raises(InputError, match="missing"):
        read_map(tmp_path / "none.png", (3, 4))
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(InputError, match="cannot be read"):
        read_map(tmp_path / "text.png", (3, 4))
    draw(tmp_path / "wide.png", np.zeros((3, 9), np.uint8))
    with pytest.raises(InputError, match="differ in size") as caught:
        read_map(tmp_path / "wide.png", (3, 4))
    assert caught.value.given.startswith("9x3")
    draw(tmp_path / "deep.png", np.zeros((3, 4), np.uint16))
    with pytest.raises(InputError, match="8-bit"):
        read_map(tmp_path / "deep.png", (3, 4))


def test_the_people_of_a_map() -> None:
    labels = np.zeros((20, 20), np.uint8)
    labels[2:18, 3:6], labels[10:15, 10:12], labels[5:9, 15:19] = 5, 9, 13
    humans = np.zeros_like(labels)
    humans[2:18, 3:6], humans[10:15, 10:12], humans[:, 19:] = 7, 2, 4
    found = list(people_in(labels, humans, 5))
    assert [number for number, _, _ in found] == [2, 7]
    assert found[1][1].tolist() == [[3, 2, 5, 17]]
    assert set(found[1][2].labels.flatten().tolist()) == {0, 5}
    assert [number for number, _, _ in people_in(labels, humans, 6)] == [7]
    with pytest.raises(InputError, match="no person is at least 17 pixels tall"):
        list(people_in(labels, humans, 17))
    with pytest.raises(InputError, match="invalid labels for CIHP"):
        list(people_in(labels + 15, humans, 5))
    assert box_of(np.zeros((3, 3), np.uint8)) is None


def test_gaps_become_what_is_nearest() -> None:
    labels = np.array([[5, GAP, GAP, GAP, 9], [5, 5, GAP, 9, 9]], np.uint8)
    result = filled(labels)
    assert result[0].tolist()[:2] == [5, 5]
    assert result[0].tolist()[3:] == [9, 9]
    assert result[0, 2] in (5, 9)
    assert (filled(np.full((2, 2), GAP, np.uint8)) == 0).all()
