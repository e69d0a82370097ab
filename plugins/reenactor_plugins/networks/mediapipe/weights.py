"""Hashes and origins of the files in `data/`. Imports no onnxruntime."""

from reenactor.manifest import Weight


def _weight(name: str, file: str, sha256: str, size: int, origin: str) -> Weight:
    return Weight(
        name=name,
        file=file,
        sha256=sha256,
        size=size,
        licence="Apache-2.0",
        origin=f"mediapipe 0.10.21, mediapipe/modules/{origin}, converted to ONNX",
        resource=f"reenactor_plugins:networks/mediapipe/data/{file}",
    )


POSE_DETECTION = _weight(
    "mediapipe-pose-detection",
    "pose_detection.onnx",
    "94b1aee44934aa60ffc2eed0faa95c7a9594ce4f9c2abf3a96d28576e9043b2a",
    5951090,
    "pose_detection/pose_detection.tflite",
)
"""Detects people: 224x224, 2254 anchors."""

POSE_FULL_TAPS = _weight(
    "mediapipe-pose-full-taps",
    "pose_full_taps.onnx",
    "705e2c05f358dc0b351797351c1228e616055525191b4c20cd2131ce80b18080",
    6368052,
    "pose_landmark/pose_landmark_full.tflite",
)
"""33 landmarks, silhouette and features of one person: 256x256."""

HAND_RECROP = _weight(
    "mediapipe-hand-recrop",
    "hand_recrop.onnx",
    "ae6bd9efa0c5a2148e29e67150eb89fcca74d805deb10dd3e625b1ba3fea494a",
    64376,
    "holistic_landmark/hand_recrop.tflite",
)
"""Refines the square of a hand: 256x256."""

HAND_LANDMARK = _weight(
    "mediapipe-hand-landmark-full",
    "hand_landmark_full.onnx",
    "75af4109bcc1a296fc1d375e62fdc00f3a7e58c06cc7afb5bbad0d53eb3e0e0d",
    5444627,
    "hand_landmark/hand_landmark_full.tflite",
)
"""The 21 points of a hand: 224x224."""

FACE_DETECTION = _weight(
    "mediapipe-face-detection-short",
    "face_detection_short_range.onnx",
    "8b87abdc2521ab7bf58b80dda1f5258b5e38697ad5cb07cd0f9e836496e7d152",
    212970,
    "face_detection/face_detection_short_range.tflite",
)
"""Detects faces: 128x128, 896 anchors."""

FACE_LANDMARK = _weight(
    "mediapipe-face-landmark",
    "face_landmark.onnx",
    "51abced45174361b0b1116dbef93d35e88db739d6d1a15ac4a31bf4f691a2440",
    1224579,
    "face_landmark/face_landmark.tflite",
)
"""The 468 points of a face: 192x192."""

POSE_WEIGHTS = (POSE_DETECTION, POSE_FULL_TAPS)
HAND_WEIGHTS = (HAND_RECROP, HAND_LANDMARK)
FACE_WEIGHTS = (FACE_DETECTION, FACE_LANDMARK)
