"""Key points that OpenPose (or a program that writes like it) found before."""
