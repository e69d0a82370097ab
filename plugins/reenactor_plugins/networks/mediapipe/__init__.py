"""The MediaPipe networks as ONNX files, and their numeric decoding; no mediapipe at run time."""
