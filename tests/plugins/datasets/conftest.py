"""Small datasets in the layouts that the large ones have."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reenactor.runtime import Runtime

Draw = Callable[[Path, np.ndarray], None]


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    """For datasets that need no weights."""
    return Runtime(weight=lambda weight: tmp_path / weight.file)


@pytest.fixture
def draw() -> Draw:
    """Writes a picture, and the folders above it: RGB, or numbers as they are."""

    def write(path: Path, values: np.ndarray) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(values).save(path)

    return write
