from collections.abc import Callable
from pathlib import Path

import pytest

SOUND = """\
version: 1
parser: taps
pose_estimator: [blazepose, mannequin]
inpainter: median
body_generator: {use: p2b, weights: runs/p2b.safetensors}
frame_renderer: puppet
face_refiner: none
background: driver
motion: {smooth: one-euro, retarget: none, subject: largest}
output: {height: 512, width: 320}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a spec into a folder of its own and gives its path."""

    def write_spec(text: str) -> Path:
        path = tmp_path / "pipeline.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_spec


@pytest.fixture
def sound() -> str:
    """A spec without mistakes."""
    return SOUND
