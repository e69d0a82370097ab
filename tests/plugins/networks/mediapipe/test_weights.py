import hashlib
import subprocess
import sys

import pytest

from reenactor.manifest import Weight
from reenactor.resource import find_resource
from reenactor_plugins.networks.mediapipe.weights import (
    FACE_WEIGHTS,
    HAND_WEIGHTS,
    POSE_WEIGHTS,
)

ALL = POSE_WEIGHTS + HAND_WEIGHTS + FACE_WEIGHTS


@pytest.mark.parametrize("weight", ALL, ids=lambda weight: weight.file)
def test_the_shipped_file_is_what_the_manifest_says(weight: Weight) -> None:
    data = find_resource(weight.resource).read_bytes()
    assert len(data) == weight.size
    assert hashlib.sha256(data).hexdigest() == weight.sha256


def test_origin_and_hash_stand_beside_the_files() -> None:
    text = find_resource("reenactor_plugins:networks/mediapipe/data/README.md").read_text()
    assert "Apache License 2.0" in text
    for weight in ALL:
        assert f"`{weight.file}`" in text
        assert weight.sha256 in text


def test_naming_them_imports_no_runtime() -> None:
    code = (
        "import sys, reenactor_plugins.networks.mediapipe.weights;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'onnxruntime', 'cv2')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
