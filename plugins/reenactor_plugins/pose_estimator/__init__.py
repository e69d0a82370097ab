"""Pose estimators: who is where in a picture (paper, Eq. 2)."""
