from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.labels import PALETTE, Label
from reenactor.runtime import Runtime
from reenactor.values import Frames, Skeleton
from reenactor_plugins.parser.parsing_files.component import ParsingFiles
from reenactor_plugins.parser.parsing_files.options import ParsingFilesOptions

FIXTURES = Path(__file__).parents[5] / "shared" / "data" / "fixtures"
LABELS = np.array([[0, 2, 13], [5, 9, 18]], np.uint8)


def parser(folder: Path, classes: str = "cihp") -> ParsingFiles:
    def no_weight(weight: object) -> Path:
        raise AssertionError("files need no weights")

    options = ParsingFilesOptions.model_validate({"folder": folder, "classes": classes})
    return ParsingFiles(options, Runtime(weight=no_weight))


def frames(height: int, width: int, name: str = "me") -> Frames:
    return Frames(torch.zeros(1, height, width, 3, dtype=torch.uint8), (0,), name)


def test_class_numbers_in_grey(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "me.png"), LABELS)
    parsing = parser(tmp_path).parse(frames(2, 3), Skeleton.empty(1))
    assert np.array_equal(parsing.labels[0].numpy(), LABELS)


def test_colours_of_the_palette(tmp_path: Path) -> None:
    colours = np.array(PALETTE, np.uint8)[LABELS]
    cv2.imwrite(str(tmp_path / "me.png"), colours[..., ::-1])
    parsing = parser(tmp_path).parse(frames(2, 3), Skeleton.empty(1))
    assert np.array_equal(parsing.labels[0].numpy(), LABELS)


def test_labels_are_enlarged_to_the_photo_without_mixing(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "me.png"), LABELS)
    parsing = parser(tmp_path).parse(frames(4, 6), Skeleton.empty(1))
    assert np.array_equal(parsing.labels[0].numpy(), LABELS.repeat(2, 0).repeat(2, 1))


def test_wrong_numbers_are_an_error_that_says_where(tmp_path: Path) -> None:
    wrong = LABELS.copy()
    wrong[1, 2] = 40
    cv2.imwrite(str(tmp_path / "me.png"), wrong)
    with pytest.raises(InputError, match=r"me\.png") as caught:
        parser(tmp_path).parse(frames(2, 3), Skeleton.empty(1))
    assert "[40] at x 2, y 1" in caught.value.given


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the true label files are not here")
@pytest.mark.parametrize(
    ("folder", "name", "size", "present"),
    [
        ("cihp/labels", "0002190", (200, 300), {Label.HAIR, Label.UPPER_CLOTHES, Label.FACE}),
        ("viton-hd/image-parse", "00891_00", (1024, 768), {Label.PANTS, Label.LEFT_ARM}),
    ],
)
def test_true_files_are_read(
    folder: str, name: str, size: tuple[int, int], present: set[Label]
) -> None:
    parsing = parser(FIXTURES / folder).parse(frames(*size, name), Skeleton.empty(1))
    assert present <= set(parsing.labels.flatten().tolist()) <= set(range(20))
