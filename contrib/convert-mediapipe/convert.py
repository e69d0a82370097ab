"""Converts the networks in the mediapipe 0.10.21 wheel to the ONNX files that reenactor ships.

    python convert.py mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl OUTPUT_FOLDER

With --compare FOLDER it also reports whether each file equals the one in that folder.
"""

import argparse
import hashlib
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from onnx_graph import write_onnx
from tflite_graph import Graph, read_tflite

NETWORKS = {
    "pose_detection.onnx": "pose_detection/pose_detection.tflite",
    "pose_full_taps.onnx": "pose_landmark/pose_landmark_full.tflite",
    "hand_recrop.onnx": "holistic_landmark/hand_recrop.tflite",
    "hand_landmark_full.onnx": "hand_landmark/hand_landmark_full.tflite",
    "face_detection_short_range.onnx": "face_detection/face_detection_short_range.tflite",
    "face_landmark.onnx": "face_landmark/face_landmark.tflite",
}
"""The output files and their sources below mediapipe/modules/ in the wheel."""

TAPS = (206, 289, 216, 279, 226, 277, 251, 275, 269)
"""Tensors of the pose network to expose as outputs: encoder and decoder at strides 2, 4, 8 and 16,
and the bottleneck at 32."""


def tapped(graph: Graph) -> Graph:
    """The pose network with inner activations as additional outputs."""
    names = graph.names | {tensor: f"tap{tensor}" for tensor in TAPS}
    return replace(graph, names=names, outputs=graph.outputs + TAPS)


def convert(wheel: zipfile.ZipFile, name: str, folder: Path) -> Path:
    """Convert one network; returns the new file."""
    source = wheel.read(f"mediapipe/modules/{NETWORKS[name]}")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "network.tflite"
        path.write_bytes(source)
        graph = read_tflite(path)
    target = folder / name
    write_onnx(tapped(graph) if name == "pose_full_taps.onnx" else graph, target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="the mediapipe 0.10.21 wheel")
    parser.add_argument("folder", type=Path, help="where the ONNX files go")
    parser.add_argument("--compare", type=Path, help="a folder with files of the same names")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(given.wheel) as wheel:
        for name in NETWORKS:
            data = convert(wheel, name, given.folder).read_bytes()
            line = f"{hashlib.sha256(data).hexdigest()}  {name}"
            if given.compare:
                equal = data == (given.compare / name).read_bytes()
                line += "  the same bytes" if equal else "  DIFFERS"
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
