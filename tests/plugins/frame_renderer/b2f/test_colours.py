"""Mean colours of classes, by hand."""

import torch

from reenactor.labels import Label
from reenactor_plugins.frame_renderer.b2f.colours import coloured, palettes


def photo() -> tuple[torch.Tensor, torch.Tensor]:
    """Pants red and dark red, shoes on the left blue, a face green, all else background."""
    labels = torch.zeros(1, 12, 8, dtype=torch.uint8)
    image = torch.full((1, 3, 12, 8), 0.9)
    for rows, label, colour in (
        (slice(0, 2), Label.FACE, (0.0, 1.0, 0.0)),
        (slice(4, 6), Label.PANTS, (1.0, 0.0, 0.0)),
        (slice(6, 8), Label.PANTS, (0.5, 0.0, 0.0)),
        (slice(8, 10), Label.LEFT_SHOE, (0.0, 0.0, 1.0)),
    ):
        labels[0, rows] = int(label)
        image[0, :, rows] = torch.tensor(colour)[:, None, None]
    return image, labels


def test_a_class_has_its_mean_and_a_missing_one_that_of_its_group_or_of_the_person() -> None:
    [palette] = palettes(*photo())
    torch.testing.assert_close(palette[Label.PANTS], torch.tensor([0.75, 0.0, 0.0]))
    torch.testing.assert_close(palette[Label.RIGHT_SHOE], torch.tensor([0.0, 0.0, 1.0]))
    torch.testing.assert_close(palette[Label.HAIR], torch.tensor([0.0, 1.0, 0.0]))
    # Nothing of the upper clothes is seen: 16 pixels each of green, red, dark red and blue.
    torch.testing.assert_close(palette[Label.COAT], torch.tensor([1.5, 1.0, 1.0]) / 4)
    # The face's five labels, which this photo has not, are as the face is.
    torch.testing.assert_close(palette[24], torch.tensor([0.0, 1.0, 0.0]))
    torch.testing.assert_close(palette[0], torch.tensor([1.5, 1.0, 1.0]) / 4)


def test_each_pixel_has_the_colour_of_its_class() -> None:
    image, labels = photo()
    palette = palettes(image, labels)
    drawn = coloured(labels, palette)
    assert drawn.shape == (1, 3, 12, 8)
    torch.testing.assert_close(drawn[0, :, 5, 3], torch.tensor([0.75, 0.0, 0.0]))
    torch.testing.assert_close(drawn[0, :, 0, 0], torch.tensor([0.0, 1.0, 0.0]))
