"""Pose estimators (Eq. 2)."""
