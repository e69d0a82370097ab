"""Other colours: the same for every picture of a person, and only where they belong."""

import numpy as np
import torch

from reenactor.labels import Label
from reenactor.values import Parsing
from reenactor_plugins.augmentation import ColourJitter, painted, random_colour_jitter


def picture() -> tuple[torch.Tensor, Parsing]:
    """Trousers on the left half, background on the right."""
    labels = torch.zeros(1, 8, 20, dtype=torch.uint8)
    labels[:, :, :10] = int(Label.PANTS)
    return torch.full((1, 8, 20, 3), 100, dtype=torch.uint8), Parsing(labels)


def test_nothing_asked_for_changes_nothing() -> None:
    pixels, parsing = picture()
    paint = random_colour_jitter(0.0, 0.0, np.random.default_rng(0))
    assert torch.equal(painted(pixels, parsing, paint), pixels)


def test_a_garment_is_recoloured_and_nothing_else() -> None:
    pixels, parsing = picture()
    unchanged = random_colour_jitter(0.0, 0.0, np.random.default_rng(0)).table
    red_up = np.array([[1, 0, 0, 60.0], [0, 1, 0, 0], [0, 0, 0.5, 0]])
    after = painted(pixels, parsing, ColourJitter(unchanged, {"lower": red_up}))
    assert (after[0, :, :9] == torch.tensor([160, 100, 50])).all()
    assert (after[0, :, 11:] == 100).all()


def test_colours_turn_about_the_greys() -> None:
    """Without its shift, a garment's matrix keeps greys and the mean of the three."""
    paint = random_colour_jitter(0.0, 1.0, np.random.default_rng(1))
    assert set(paint.garments) == {"upper", "lower", "feet"}
    for matrix in paint.garments.values():
        turn = matrix[:, :3]
        np.testing.assert_allclose(turn @ np.ones(3), np.ones(3), atol=1e-9)
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-9)


def test_two_pictures_of_one_person_stay_alike() -> None:
    pixels, parsing = picture()
    paint = random_colour_jitter(0.3, 1.0, np.random.default_rng(2))
    one = painted(pixels, parsing, paint)
    mirrored = painted(pixels.flip(2), Parsing(parsing.labels.flip(2)), paint)
    assert torch.equal(one, mirrored.flip(2))
    assert not torch.equal(one, pixels)
