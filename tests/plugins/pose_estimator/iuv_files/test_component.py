from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.values import Frames, Skeleton, Window
from reenactor_plugins.pose_estimator.iuv_files.component import IuvFiles
from reenactor_plugins.pose_estimator.iuv_files.options import IuvFilesOptions

FIXTURES = Path(__file__).parents[5] / "shared" / "data" / "fixtures" / "densepose-openpose"


def frames(height: int, width: int, *index: int, window: Window | None = None) -> Frames:
    pixels = torch.zeros(len(index), height, width, 3, dtype=torch.uint8)
    return Frames(pixels, index, "dance", window)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two frames of 4 x 6, written by OpenCV: part 2 left, part 24 right, nothing between."""
    iuv = np.zeros((4, 6, 3), np.uint8)
    iuv[:, :2] = (2, 51, 102)  # I, U, V in OpenCV's order
    iuv[:, 4:] = (24, 255, 0)
    iuv[:, 2:4] = (0, 9, 9)  # values where no part is mean nothing
    cv2.imwrite(str(tmp_path / "dance_000.png"), iuv)
    cv2.imwrite(str(tmp_path / "dance_001.png"), iuv[:, ::-1])
    return tmp_path


def test_parts_and_coordinates_are_read(folder: Path, shipped: Runtime) -> None:
    dense = IuvFiles(IuvFilesOptions(folder=folder), shipped).dense(
        frames(4, 6, 0, 1, 2), Skeleton.empty(3)
    )
    assert dense.part[0, 0].tolist() == [2, 2, 0, 0, 24, 24]
    assert dense.part[1, 3].tolist() == [24, 24, 0, 0, 2, 2]
    assert dense.uv[0, :, 0, 0].tolist() == pytest.approx([0.2, 0.4])
    assert dense.uv[0, :, 0, 5].tolist() == [1, 0]
    assert not dense.uv[0, :, :, 2:4].any()
    assert not dense.part[2].any()  # there is no third file


def test_a_canvas_is_given_its_part_of_the_file(folder: Path, shipped: Runtime) -> None:
    window = Window(torch.tensor([[1.5, -0.5, 5.5, 3.5]]), (8, 8))
    dense = IuvFiles(IuvFilesOptions(folder=folder), shipped).dense(
        frames(8, 8, 0, window=window), Skeleton.empty(1)
    )
    assert dense.part[0, 7].tolist() == [0] * 4 + [24] * 4


def test_files_written_as_rgb_have_the_part_in_red(tmp_path: Path, shipped: Runtime) -> None:
    iuv = np.zeros((2, 2, 3), np.uint8)
    iuv[:] = (102, 51, 3)  # OpenCV writes blue, green, red
    cv2.imwrite(str(tmp_path / "dance.png"), iuv)
    options = IuvFilesOptions(folder=tmp_path, part_in="red")
    dense = IuvFiles(options, shipped).dense(frames(2, 2, 0), Skeleton.empty(1))
    assert dense.part[0].tolist() == [[3, 3], [3, 3]]
    assert dense.uv[0, :, 0, 0].tolist() == pytest.approx([0.2, 0.4])
    with pytest.raises(InputError, match=r"dance\.png is not an IUV picture") as caught:
        IuvFiles(IuvFilesOptions(folder=tmp_path), shipped).dense(
            frames(2, 2, 0), Skeleton.empty(1)
        )
    assert "part_in" in caught.value.advice


def test_a_grey_picture_is_no_iuv(tmp_path: Path, shipped: Runtime) -> None:
    cv2.imwrite(str(tmp_path / "dance.png"), np.zeros((2, 2), np.uint8))
    with pytest.raises(InputError, match="not an IUV"):
        IuvFiles(IuvFilesOptions(folder=tmp_path), shipped).dense(
            frames(2, 2, 0), Skeleton.empty(1)
        )


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the true IUV files are not here")
def test_true_files_hold_a_body(shipped: Runtime) -> None:
    folder = FIXTURES / "pose_maps-densepose" / "001_001"
    pixels = torch.zeros(1, 1080, 1920, 3, dtype=torch.uint8)
    dense = IuvFiles(IuvFilesOptions(folder=folder), shipped).dense(
        Frames(pixels, (0,), "001_001"), Skeleton.empty(1)
    )
    found = set(np.unique(dense.part.numpy()).tolist())
    assert found <= set(range(25))
    assert len(found) > 10
