"""Reads key points from JSON files of OpenPose or compatible programs."""
