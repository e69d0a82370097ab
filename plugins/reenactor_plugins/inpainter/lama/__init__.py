"""LaMa, from an ONNX file."""
