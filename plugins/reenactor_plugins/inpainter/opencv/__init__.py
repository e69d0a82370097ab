"""OpenCV's inpainting, picture by picture."""
