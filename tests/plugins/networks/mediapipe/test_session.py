from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import WeightsError
from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.weights import FACE_DETECTION


def test_the_same_crop_gives_the_same_bits(shipped: Runtime) -> None:
    crop = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    network = OnnxNetwork(FACE_DETECTION, shipped)
    first, again = network(crop, -1.0, 1.0), OnnxNetwork(FACE_DETECTION, shipped)(crop, -1.0, 1.0)
    assert [out.shape for out in first] == [(1, 896, 16), (1, 896, 1)]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_bytes_are_scaled_to_the_range(shipped: Runtime) -> None:
    network = OnnxNetwork(FACE_DETECTION, shipped)
    grey = np.full((128, 128, 3), 51, np.uint8)  # 51 / 255 = 0.2
    black = np.zeros((128, 128, 3), np.uint8)
    scaled = network(grey, 0.0, 1.0)[1]
    assert np.allclose(scaled, network(black, 0.2, 1.2)[1], atol=1e-4)


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(WeightsError, match=r"face_detection_short_range\.onnx") as caught:
        OnnxNetwork(FACE_DETECTION, Runtime(weight=lambda _: broken))
    assert caught.value.given == str(broken)
