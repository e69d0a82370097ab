"""InsightFace's detector as a source of the five points for face alignment.

SCRFD (Guo et al. 2021) returns a box, a score and five points per face. It runs on the skeleton's
face region, so that no other person's face is used. The package would download models by itself;
here it loads a file.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.errors import PluginError, WeightsError
from reenactor.runtime import Runtime
from reenactor_plugins.networks.sampling import box_to_square, sampled

INPUT = 320
"""Side of the detector's input in pixels ..."""
REACH = 3.0
"""... which is this many times as wide as the face's points, since the detector needs context."""
SURE = 0.5
"""Minimum score of a face."""
NEAR = 0.25
"""Maximum distance of the face from the square's centre, as a share of the square."""

PLACES = (slice(36, 42), slice(42, 48), slice(30, 31), slice(48, 49), slice(54, 55))
"""Face points for each of the five: the picture's left and right eye, nose, mouth corners."""


class InsightFaceDetector:
    """Detects five points of each face in pictures.

    Raises:
        PluginError: the package is not installed.
        WeightsError: the file is missing or not a detector with points.
    """

    def __init__(self, file: Path | None, runtime: Runtime) -> None:
        self._detector = _loaded(_detector_file(file), runtime)
        self._detector.prepare(0, det_thresh=SURE, input_size=(INPUT, INPUT))

    def refined(
        self, pictures: Float[Tensor, "T 3 H W"], face: Float[Tensor, "T 70 3"]
    ) -> Float[Tensor, "T 70 3"]:
        """Replace eyes, nose and mouth corners by the detector's.

        If the detector does not find the face, all confidences are 0.
        """
        seen = face[..., 2].amax(1) > 0
        to_picture = box_to_square(_squares(face), INPUT)
        to_picture = torch.where(seen[:, None, None], to_picture, torch.eye(2, 3))
        crops = sampled(pictures, to_picture, (INPUT, INPUT), repeat_edges=False)
        bgr = (crops.flip(1).permute(0, 2, 3, 1) * 255).round().byte().numpy()
        out = torch.zeros_like(face)
        for t in seen.nonzero()[:, 0].tolist():
            found = self._nearest(np.ascontiguousarray(bgr[t]))
            if found is None:
                continue
            xy = found[:, :2] @ to_picture[t, :, :2].T + to_picture[t, :, 2]
            for place, point, score in zip(PLACES, xy, found[:, 2], strict=True):
                out[t, place, :2], out[t, place, 2] = point, score
        return out

    def _nearest(self, crop: UInt8[np.ndarray, "S S 3"]) -> Float[Tensor, "5 3"] | None:
        """Points and score of the face nearest to the centre, in the crop's pixels."""
        boxes, points = self._detector.detect(crop)
        if len(boxes) == 0:
            return None
        middle = np.stack([boxes[:, :2], boxes[:, 2:4]]).mean(0)
        away = np.hypot(*(middle - (INPUT - 1) / 2).T)
        best = int(away.argmin())
        if away[best] > NEAR * INPUT:
            return None
        score = np.full((5, 1), min(float(boxes[best, 4]), 1.0))
        return torch.from_numpy(np.concatenate([points[best], score], 1)).float()


def _squares(face: Float[Tensor, "T 70 3"]) -> Float[Tensor, "T 4"]:
    """Squares around the visible points: x0, y0, x1, y1."""
    seen = face[..., 2:] > 0
    low = torch.where(seen, face[..., :2], torch.inf).amin(1)
    high = torch.where(seen, face[..., :2], -torch.inf).amax(1)
    half = (high - low).amax(1, keepdim=True).clamp(min=1) * REACH / 2
    middle = (low + high) / 2
    return torch.cat([middle - half, middle + half], 1)


def _detector_file(file: Path | None) -> Path:
    """The file, or the detector in a folder with one of InsightFace's model packs."""
    found = file
    if file is not None and file.is_dir():
        inside = sorted([*file.glob("det_*.onnx"), *file.glob("scrfd*.onnx")])
        found = inside[0] if inside else None
    if found is None or not found.is_file() or found.suffix != ".onnx":
        raise WeightsError(
            "landmarks: insightface needs a detector",
            given="no option `insightface`" if file is None else str(file),
            expected="`insightface: FILE`, an SCRFD detector with points as .onnx (det_10g.onnx, "
            "say), or the folder of a model pack that has one",
            advice="see docs/weights.md for where to get it and its licence",
        )
    return found


def _loaded(file: Path, runtime: Runtime) -> Any:
    try:
        from insightface.model_zoo import get_model
    except ImportError as error:
        raise PluginError(
            "landmarks: insightface needs the package of that name",
            given="it is not installed",
            expected="insightface 2.1 or newer",
            advice="pip install 'reenactor[insightface]', or landmarks: skeleton",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = runtime.threads
    options.log_severity_level = 3
    try:
        detector = get_model(str(file), providers=["CPUExecutionProvider"], sess_options=options)
    except Exception as error:  # onnx and onnxruntime raise their own exceptions
        raise WeightsError(
            "the face detector cannot be read",
            given=str(file),
            expected="an ONNX file",
            advice=str(error).splitlines()[0] if str(error) else "",
        ) from error
    if not getattr(detector, "use_kps", False):
        raise WeightsError(
            "the file is not a face detector with points",
            given=str(file),
            expected="SCRFD with five points: 9 or 15 outputs (det_500m, det_2.5g, det_10g)",
        )
    return detector
