"""Ways to fill a hole in one picture, which the techniques beside this folder share.

Everything here works on numpy arrays: pictures uint8 `(H, W, 3)` in RGB, holes bool `(H, W)`.
"""
