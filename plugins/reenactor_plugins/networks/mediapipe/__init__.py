"""MediaPipe's networks as ONNX files and the decoding of their outputs, without mediapipe."""
