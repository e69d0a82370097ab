"""Functions for filling a hole in one picture, shared by several inpainters.

All work on numpy arrays: RGB pictures uint8 `(H, W, 3)`, holes bool `(H, W)`.
"""
