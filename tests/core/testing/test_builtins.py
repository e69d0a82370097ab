"""Every built-in component passes the conformance kit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from reenactor.catalog import discover, options_model
from reenactor.errors import WeightsError
from reenactor.manifest import ComponentInfo, Role
from reenactor.testing import SampleInputs, check_component, samples
from reenactor.testing.samples import NAME

BUILT_IN = [entry.info for entry in discover(only={"reenactor"}).components]

RANDOM = {"weights": "random", "size": "tiny"}
"""Networks without released weights are checked with random ones."""


def prepared_skeletons(folder: Path, given: SampleInputs) -> None:
    """OpenPose's JSON files of the drawn dancer."""
    skeleton = given.driver.skeleton
    for t in range(len(skeleton)):
        parts = {
            "pose": skeleton.body[t],
            "hand_left": skeleton.hands[t, 0],
            "hand_right": skeleton.hands[t, 1],
            "face": skeleton.face[t],
        }
        person = {f"{name}_keypoints_2d": part.flatten().tolist() for name, part in parts.items()}
        path = folder / f"{NAME}_{t:012}_keypoints.json"
        path.write_text(json.dumps({"people": [person]}))


def prepared_dense(folder: Path, given: SampleInputs) -> None:
    """IUV pictures as OpenCV writes them."""
    dense = given.on_canvas.dense
    for t in range(len(dense.part)):
        uv = (dense.uv[t] * 255).round().byte().numpy()
        iuv = np.stack([dense.part[t].numpy(), uv[0], uv[1]], -1)
        assert cv2.imwrite(str(folder / f"{NAME}_{t:06}.png"), iuv)


def prepared_labels(folder: Path, given: SampleInputs) -> None:
    """Class numbers as grey PNGs, without the hands, which CIHP has not."""
    labels = given.driver.parsing.labels.numpy()
    for t, picture in enumerate(labels):
        grey = np.where(picture > 19, picture - 6, picture).astype(np.uint8)
        assert cv2.imwrite(str(folder / f"{NAME}_{t:06}.png"), grey)


PREPARED: dict[str, Callable[[Path, SampleInputs], None]] = {
    "openpose-files": prepared_skeletons,
    "iuv-files": prepared_dense,
    "parsing-files": prepared_labels,
}
"""What must lie in the folder that a component reads."""

OPTIONS: dict[tuple[Role, str], dict[str, Any]] = {
    (Role.PARSER, "schp"): RANDOM | {"input": 64},
    (Role.PARSER, "smp"): {"weights": "random", "encoder": "tu-mobilenetv3_small_050", "input": 64},
    (Role.BODY_GENERATOR, "p2b"): RANDOM,
    (Role.FRAME_RENDERER, "b2f"): RANDOM | {"encoder": "small"},
    (Role.FACE_REFINER, "fr"): RANDOM | {"identity": "small"},
    (Role.INPAINTER, "deepfill"): {"weights": "random", "side": 64},
    (Role.POSE_ESTIMATOR, "openpose"): {"weights": "random", "height": 64},
    (Role.POSE_ESTIMATOR, "densepose"): {"weights": "random", "side": 64},
}

PACKAGES = {"smp": "segmentation_models_pytorch"}
"""Components that come with an extra are checked where it is installed."""

SKIP = {
    # random numbers cannot tell that nobody is there
    (Role.FRAME_RENDERER, "b2f"): ("nobody",),
}


def ident(info: ComponentInfo) -> str:
    return f"{info.role}-{info.name}"


@pytest.mark.parametrize("info", BUILT_IN, ids=ident)
def test_conforms(info: ComponentInfo, tmp_path: Path) -> None:
    if info.name in PACKAGES:
        pytest.importorskip(PACKAGES[info.name])
    given = samples()
    values = dict(OPTIONS.get(info.key, {}))
    if info.name in PREPARED:
        PREPARED[info.name](tmp_path, given)
        values["folder"] = tmp_path
    options = options_model(info)(**values)
    try:
        check_component(info, options, given=given, skip=SKIP.get(info.key, ()))
    except WeightsError as error:
        pytest.skip(f"weights that are not here: {error.problem}")


def test_there_is_something_to_check() -> None:
    assert {info.role for info in BUILT_IN} == set(Role)


def test_nothing_is_excused_that_is_not_there() -> None:
    keys = {info.key for info in BUILT_IN}
    assert set(OPTIONS) | set(SKIP) <= keys
    assert set(PREPARED) | set(PACKAGES) <= {info.name for info in BUILT_IN}
