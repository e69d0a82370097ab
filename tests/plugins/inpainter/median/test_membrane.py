"""What is laid into a hole takes on the light around it."""

import numpy as np
import pytest

from reenactor_plugins.inpainter.median.membrane import compare, lay, surroundings


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A textured picture and a hole in it."""
    random = np.random.default_rng(0)
    picture = random.integers(60, 180, (160, 200, 3)).astype(np.uint8)
    hole = np.zeros((160, 200), bool)
    hole[60:120, 80:130] = True
    return picture, hole


@pytest.mark.parametrize("light", ["same", "brighter", "slope"])
def test_no_seam_shows_where_only_the_light_differs(light: str) -> None:
    plate, hole = scene()
    x = np.linspace(-20, 20, 200)[None, :, None]
    change = {"same": 0 * x, "brighter": 0 * x + 17, "slope": x}[light]
    truth = np.clip(plate + change, 0, 255).astype(np.uint8)
    covered = np.where(hole[..., None], 0, truth).astype(np.uint8)
    seam = compare(covered, plate, hole)
    assert seam.alike == 1
    lay(covered, plate, hole, seam.lighting)
    off = np.abs(covered.astype(int) - truth)
    assert off[~hole].max() == 0
    assert off[hole].max() <= (1 if light != "slope" else 6)


def test_another_scene_is_not_alike() -> None:
    plate, hole = scene()
    other = np.random.default_rng(1).integers(0, 255, plate.shape).astype(np.uint8)
    assert compare(other, plate, hole).alike < 0.5


def test_likeness_counts_only_where_the_plate_was_seen() -> None:
    plate, hole = scene()
    usable = np.ones_like(hole)
    usable[:, :100] = False
    below = plate.copy()
    below[:, :100] = 255 - below[:, :100]
    assert compare(below, plate, hole).alike < 0.8
    assert compare(below, plate, hole, usable).alike == 1


def test_a_thing_at_the_rim_is_not_taken_for_light() -> None:
    plate, hole = scene()
    below = plate.copy()
    below[56:60, 90:110] = 255  # a lamp just above the hole
    seam = compare(below, plate, hole)
    lay(below, plate, hole, seam.lighting)
    assert np.abs(below.astype(int) - plate)[hole].max() <= 2


def test_a_hole_without_surroundings() -> None:
    plate, _ = scene()
    everything = np.ones(plate.shape[:2], bool)
    seam = compare(plate, plate, everything)
    assert seam.alike == 1
    assert np.abs(seam.lighting).max() == 0
    assert surroundings(np.zeros((4, 4), bool)) is None
