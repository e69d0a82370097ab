from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor_plugins.datasets.photos.dataset import Photos
from reenactor_plugins.datasets.photos.options import PhotosOptions

Draw = Callable[[Path, np.ndarray], None]


def test_each_photo_is_somebody_else(tmp_path: Path, draw: Draw, runtime: Runtime) -> None:
    draw(tmp_path / "summer" / "a.png", np.full((6, 4, 3), 9, np.uint8))
    draw(tmp_path / "b.png", np.full((6, 4, 3), 5, np.uint8))
    photos = Photos(PhotosOptions(folder=tmp_path), runtime)
    assert list(photos.names()) == ["b", "summer/a"]
    (shot,) = photos.shots(1)
    assert (shot.picture.pixels == 9).all()
    assert shot.picture.name == "a"
    assert shot.person == shot.source == "summer/a"
    assert shot.parsing is None
    assert shot.box is None


def test_folders_without_photos(tmp_path: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match="has no photos"):
        Photos(PhotosOptions(folder=tmp_path), runtime)
    with pytest.raises(InputError, match=r"the folder .* does not exist"):
        Photos(PhotosOptions(folder=tmp_path / "x"), runtime)


def test_a_photo_that_cannot_be_read(tmp_path: Path, runtime: Runtime) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no photo")
    photos = Photos(PhotosOptions(folder=tmp_path), runtime)
    with pytest.raises(InputError, match="cannot be read as an image"):
        photos.shots(0)
